package org.generalvision.data.load;

import ai.djl.ndarray.NDManager;
import org.generalvision.data.example.ExampleSource;

/**
 * Batches for training: worker threads read, decode and augment ahead of use, in the order of a {@link Sampler}, or of a
 * {@link MixtureOrder} if the source is a {@link MixedSource}. The content of a batch depends on the seed and its number alone, not on the number of workers or on where the run was resumed.
 *
 * <p>A sample that cannot be read is left out of its batch, which is then smaller, and is noted in the {@link Quarantine};
 * all other samples are what they would have been. A failure of any other kind is thrown by {@link #next}.
 *
 * <p>The arrays lie on pooled memory that is used again once the manager given to {@link #next} is closed: what has to
 * outlive the manager must be duplicated, not detached. One thread at a time.
 */
public final class Loader implements BatchSource {
    private final BatchOrder order;
    private final BatchPipeline pipeline;

    /**
     * A loader; the source stays open when it closes.
     *
     * @param source where examples come from
     * @param format what a batch holds
     * @param config seed, sizes and threads
     * @param quarantine where unreadable samples are noted
     */
    public Loader(ExampleSource source, SampleFormat format, LoaderConfig config, Quarantine quarantine) {
        this.order = source instanceof MixedSource mixed
                ? new MixtureOrder(mixed.mixture(), config.batchSize(), config.seed())
                : new Sampler(source.size(), config.batchSize(), config.seed());
        this.pipeline = new BatchPipeline(source, format, order, config, quarantine);
    }

    @Override
    public long batchesPerEpoch() {
        return order.batchesPerEpoch();
    }

    @Override
    public void seek(long batch) {
        pipeline.seek(batch);
    }

    @Override
    public Batch next(NDManager manager) {
        return pipeline.next(manager);
    }

    @Override
    public double waitSeconds() {
        return pipeline.waitSeconds();
    }

    @Override
    public void close() {
        pipeline.close();
    }
}

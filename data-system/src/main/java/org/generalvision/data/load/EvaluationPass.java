package org.generalvision.data.load;

import ai.djl.ndarray.NDManager;
import java.util.NoSuchElementException;
import java.util.function.LongUnaryOperator;
import org.generalvision.data.example.ExampleSource;

/**
 * One pass over a source, or over chosen samples of it, in order and without leaving any out except unreadable ones, which
 * are noted in the {@link Quarantine}: compare {@link Batch#ids} with what was asked for. The last batch may be smaller.
 * The arrays live as {@link Loader} describes.
 */
public final class EvaluationPass implements AutoCloseable {
    private final BatchPipeline pipeline;

    private EvaluationPass(
            ExampleSource source, SampleFormat format, InOrder order, LoaderConfig config, Quarantine quarantine) {
        this.pipeline = new BatchPipeline(source, format, order, config, quarantine);
    }

    /** A pass over the whole source. */
    public static EvaluationPass over(
            ExampleSource source, SampleFormat format, LoaderConfig config, Quarantine quarantine) {
        InOrder order = new InOrder(source.size(), config.batchSize(), LongUnaryOperator.identity());
        return new EvaluationPass(source, format, order, config, quarantine);
    }

    /**
     * A pass over chosen samples.
     *
     * @param samples indices in the source, in the order wanted
     */
    public static EvaluationPass over(
            ExampleSource source, long[] samples, SampleFormat format, LoaderConfig config, Quarantine quarantine) {
        long[] chosen = samples.clone();
        for (long sample : chosen) {
            if (sample < 0 || sample >= source.size()) {
                throw new IllegalArgumentException("sample must lie in [0, %d): %d".formatted(source.size(), sample));
            }
        }
        InOrder order = new InOrder(chosen.length, config.batchSize(), place -> chosen[(int) place]);
        return new EvaluationPass(source, format, order, config, quarantine);
    }

    /** Whether there is another batch. */
    public boolean hasNext() {
        return pipeline.hasNext();
    }

    /**
     * The next batch; its {@code step} is its number in the pass.
     *
     * @param manager owner of the arrays, closed by the caller
     */
    public Batch next(NDManager manager) {
        if (!hasNext()) {
            throw new NoSuchElementException("The evaluation pass is over");
        }
        return pipeline.next(manager);
    }

    /** Seconds spent waiting for batches until now. */
    public double waitSeconds() {
        return pipeline.waitSeconds();
    }

    @Override
    public void close() {
        pipeline.close();
    }
}

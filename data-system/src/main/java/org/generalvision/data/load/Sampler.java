package org.generalvision.data.load;

import org.generalvision.data.augment.RandomStream;

/**
 * The endless order of training: a new permutation in each epoch, cut into full batches. What is left at the end of an epoch,
 * fewer samples than a batch, is dropped; the permutation sees to it that these are others each time.
 */
public final class Sampler implements BatchOrder {
    private static final long PURPOSE = RandomStream.hash("order");

    private final long size;
    private final int batchSize;
    private final long seed;

    /**
     * An order.
     *
     * @param size number of samples in the source
     * @param batchSize samples in a batch, at most {@code size}
     * @param seed of the run
     */
    public Sampler(long size, int batchSize, long seed) {
        if (batchSize <= 0 || batchSize > size) {
            throw new IllegalArgumentException(
                    "batch size must lie in [1, %d], the number of samples: %d; use smaller batches or more data"
                            .formatted(size, batchSize));
        }
        this.size = size;
        this.batchSize = batchSize;
        this.seed = seed;
    }

    /** Full batches in one pass over the data. */
    @Override
    public long batchesPerEpoch() {
        return size / batchSize;
    }

    @Override
    public long numBatches() {
        return Long.MAX_VALUE;
    }

    @Override
    public long epoch(long batch) {
        return batch / batchesPerEpoch();
    }

    @Override
    public long[] samples(long batch) {
        Permutation permutation = new Permutation(size, RandomStream.mix(seed, epoch(batch), PURPOSE));
        long first = batch % batchesPerEpoch() * batchSize;
        long[] samples = new long[batchSize];
        for (int i = 0; i < batchSize; i++) {
            samples[i] = permutation.at(first + i);
        }
        return samples;
    }

    @Override
    public int batchSize() {
        return batchSize;
    }
}

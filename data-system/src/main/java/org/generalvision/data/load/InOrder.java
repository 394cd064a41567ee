package org.generalvision.data.load;

import java.util.function.LongUnaryOperator;

/** One pass over a list of samples as it stands; the last batch may be smaller. */
record InOrder(long size, int batchSize, LongUnaryOperator sampleAt) implements BatchOrder {
    InOrder {
        if (size <= 0 || batchSize <= 0) {
            throw new IllegalArgumentException(
                    "An evaluation needs samples and a positive batch size: %d, %d".formatted(size, batchSize));
        }
    }

    @Override
    public long numBatches() {
        return (size + batchSize - 1) / batchSize;
    }

    @Override
    public long batchesPerEpoch() {
        return numBatches();
    }

    @Override
    public long epoch(long batch) {
        return 0;
    }

    @Override
    public long[] samples(long batch) {
        long first = batch * batchSize;
        long[] samples = new long[(int) Math.min(batchSize, size - first)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = sampleAt.applyAsLong(first + i);
        }
        return samples;
    }
}

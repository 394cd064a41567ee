package org.generalvision.data.load;

/** Which samples make up which batch. */
interface BatchOrder {
    /** Number of batches in all, {@link Long#MAX_VALUE} if they never end. */
    long numBatches();

    /** The pass over the data that a batch belongs to, from 0. */
    long epoch(long batch);

    /** Full batches in one epoch. */
    long batchesPerEpoch();

    /**
     * How often the sample in a row of a batch has been drawn before, at the least: what its augmentation is keyed by. The
     * epoch, unless some samples are drawn more often than others.
     */
    default long pass(long batch, int row) {
        return epoch(batch);
    }

    /** The samples of a batch, in order. */
    long[] samples(long batch);

    /** Largest number of samples in a batch. */
    int batchSize();
}

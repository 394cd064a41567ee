package org.generalvision.data.load;

/** Which samples make up which batch. */
interface BatchOrder {
    /** Number of batches in all, {@link Long#MAX_VALUE} if they never end. */
    long numBatches();

    /** The pass over the data that a batch belongs to, from 0. */
    long epoch(long batch);

    /** The samples of a batch, in order. */
    long[] samples(long batch);

    /** Largest number of samples in a batch. */
    int batchSize();
}

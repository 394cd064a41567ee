package org.generalvision.data.load;

import ai.djl.ndarray.NDManager;

/** An endless, seekable stream of batches whose content depends on nothing but the seed and the step. */
public interface BatchSource extends AutoCloseable {
    /** Batches in one pass over the data. */
    long batchesPerEpoch();

    /**
     * Continues with batch number {@code batch} (from 0, counted over all epochs) in constant time. Batches that were
     * prefetched are dropped.
     */
    void seek(long batch);

    /**
     * The next batch; waits for it if it is not ready.
     *
     * @param manager owner of the arrays, closed by the caller when the step is over
     */
    Batch next(NDManager manager);

    /** Seconds that {@link #next} has waited for data since the source was opened. */
    double waitSeconds();

    @Override
    void close();
}

package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;

/** The copies of a model that train on the parts of one batch, as far as a loss over the whole batch must know. */
public interface Replicas {
    /**
     * The rows of all replicas in the order of their ranks. The gradient of a row is the sum of what all replicas' losses say
     * about it.
     *
     * @param rows (B, ...) of this replica; every replica brings equally many
     * @return (B * replicas, ...)
     */
    NDArray gather(NDArray rows);

    /** Number of this replica, from 0. */
    int rank();

    /** A single replica. */
    static Replicas alone() {
        return new Replicas() {
            @Override
            public NDArray gather(NDArray rows) {
                return rows;
            }

            @Override
            public int rank() {
                return 0;
            }
        };
    }
}

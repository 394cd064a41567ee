package org.generalvision.nn;

import ai.djl.ndarray.NDArray;

/** Sets elements to 0 with probability {@code rate} in a training pass and divides the others by 1 - rate. */
public final class Dropout extends Layer {
    private final double rate;

    /**
     * @param rate in [0, 1); 0 does nothing
     */
    public Dropout(double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("The rate of dropout must be in [0, 1): " + rate);
        }
        this.rate = rate;
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        return pass.training() && rate > 0 ? Ops.dropout(x, rate) : x;
    }
}

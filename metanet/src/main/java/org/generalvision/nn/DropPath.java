package org.generalvision.nn;

import ai.djl.ndarray.NDArray;

/**
 * Stochastic depth (arXiv 1603.09382): in a training pass a sample's residual branch is dropped with probability {@code
 * rate}, and kept branches are divided by 1 - rate so that the mean does not change.
 */
public final class DropPath extends Layer {
    private final double rate;

    /**
     * @param rate in [0, 1); 0 does nothing
     */
    public DropPath(double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("The rate of drop path must be in [0, 1): " + rate);
        }
        this.rate = rate;
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        return pass.training() && rate > 0 ? Ops.dropPath(x, rate) : x;
    }
}

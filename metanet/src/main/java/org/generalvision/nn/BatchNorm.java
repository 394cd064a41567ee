package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

/**
 * Batch normalization of axis 1 of (B, C), (B, C, L) or (B, C, H, W). In a training pass of a layer that is not frozen the
 * batch's own statistics are used and the running ones move by {@code momentum}; otherwise the running ones are used.
 * Parameters {@code weight}, {@code bias}; buffers {@code running_mean}, {@code running_var}.
 *
 * <p>In a mixed pass the map may be stored in bfloat16: the kernel still adds up and applies the statistics in float32
 * with float32 parameters, and casts of the whole map around it would cost more than the norm itself.
 */
public final class BatchNorm extends Layer {
    private static final double MOMENTUM = 0.1;

    private final double epsilon;
    private final Parameter weight;
    private final Parameter bias;
    private final Parameter runningMean;
    private final Parameter runningVariance;

    /** Epsilon 1e-5, weight starts at 1. */
    public BatchNorm(int channels) {
        this(channels, 1, 1e-5);
    }

    /** A norm whose weight starts at 0, so that a residual branch that ends with it starts as nothing. */
    public static BatchNorm zeroStart(int channels) {
        return new BatchNorm(channels, 0, 1e-5);
    }

    public BatchNorm(int channels, double startWeight, double epsilon) {
        this.epsilon = epsilon;
        weight = parameter("weight", new Shape(channels), Init.constant(startWeight));
        bias = parameter("bias", new Shape(channels), Init.zeros());
        runningMean = buffer("running_mean", new Shape(channels), Init.zeros());
        runningVariance = buffer("running_var", new Shape(channels), Init.ones());
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        if (pass.tally() != null) {
            pass.visit(this);
            return x;
        }
        boolean batchStatistics = pass.training() && !isFrozen();
        return Ops.batchNorm(
                x,
                array(weight),
                array(bias),
                array(runningMean),
                array(runningVariance),
                batchStatistics,
                pass.movesStatistics() ? MOMENTUM : 0,
                epsilon);
    }
}

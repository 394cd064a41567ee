package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalization of axis 1 of (B, C), (B, C, L) or (B, C, H, W). In a training pass of a layer that is not frozen the
 * batch's own statistics are used and the running ones move by {@code momentum}; otherwise the running ones are used.
 * Parameters {@code weight}, {@code bias}; buffers {@code running_mean}, {@code running_var}.
 *
 * <p>A pass may carry {@link NormStatistics} of its own for this norm. It then uses and moves those; the norm's own ones move as
 * well, by every batch of every such pass, so that they are those of all data together.
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
    private final int channels;
    private boolean keepsStatistics;

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
        this.channels = channels;
        weight = parameter("weight", new Shape(channels), Init.constant(startWeight));
        bias = parameter("bias", new Shape(channels), Init.zeros());
        runningMean = buffer("running_mean", new Shape(channels), Init.zeros());
        runningVariance = buffer("running_var", new Shape(channels), Init.ones());
    }

    /**
     * Makes every norm under a layer use its running statistics in training passes too, and leave them as they are; its weight and
     * bias are trained as before.
     */
    public static void keepStatistics(Layer layer) {
        layer.layers().values().forEach(each -> {
            if (each instanceof BatchNorm norm) {
                norm.keepsStatistics = true;
            }
        });
    }

    int channels() {
        return channels;
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        if (pass.tally() != null) {
            pass.visit(this);
            return x;
        }
        NormStatistics.@Nullable Entry other = pass.statistics(this);
        boolean batchStatistics = pass.training() && !isFrozen() && !keepsStatistics;
        if (batchStatistics && x.getShape().size() == channels) {
            throw new IllegalArgumentException(
                    "A batch norm needs at least 2 values of each channel to train on, but this map is"
                            + " %s: use a larger batch or larger images".formatted(x.getShape()));
        }
        NDArray y = Ops.batchNorm(
                x,
                array(weight),
                array(bias),
                other == null ? array(runningMean) : other.mean(),
                other == null ? array(runningVariance) : other.variance(),
                batchStatistics,
                pass.movesStatistics() ? MOMENTUM : 0,
                epsilon);
        if (other != null && batchStatistics && pass.movesStatistics()) {
            Ops.moveStatistics(x, array(runningMean), array(runningVariance), MOMENTUM);
        }
        return y;
    }

    /** Copies the statistics of this norm. */
    void copyStatistics(NormStatistics.Entry target) {
        Ops.copyInto(target.mean(), array(runningMean));
        Ops.copyInto(target.variance(), array(runningVariance));
    }
}

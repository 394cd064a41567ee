package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

/** Layer normalization of the last axis. Computed in float32 in a mixed pass. Parameters {@code weight}, {@code bias}. */
public final class LayerNorm extends Layer {
    private final int width;
    private final double epsilon;
    private final Parameter weight;
    private final Parameter bias;

    /** Epsilon 1e-5. */
    public LayerNorm(int width) {
        this(width, 1e-5);
    }

    public LayerNorm(int width, double epsilon) {
        this.width = width;
        this.epsilon = epsilon;
        weight = parameter("weight", new Shape(width), Init.ones());
        bias = parameter("bias", new Shape(width), Init.zeros());
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        if (pass.tally() != null) {
            pass.visit(this);
            return x;
        }
        NDArray input = pass.mixed() ? Ops.toFloat32(x) : x;
        return Ops.layerNorm(input, width, array(weight), array(bias), epsilon);
    }
}

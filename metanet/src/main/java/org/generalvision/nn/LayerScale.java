package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

/**
 * A learned factor for each channel of the last axis, small at the start so that a deep network begins near the identity
 * (CaiT, arXiv 2103.17239). Parameter {@code gamma}.
 */
public final class LayerScale extends Layer {
    private final Parameter gamma;

    public LayerScale(int width, double start) {
        gamma = parameter("gamma", new Shape(width), Init.constant(start));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        pass.visit(this);
        return x.mul(array(gamma));
    }
}

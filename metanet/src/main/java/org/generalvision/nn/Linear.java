package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import org.jspecify.annotations.Nullable;

/**
 * Affine map of the last axis: (..., in) to (..., out). Parameters {@code weight} (out, in) and, if wanted, {@code bias}
 * (out).
 */
public final class Linear extends Layer {
    private final int out;
    private final Parameter weight;
    private final @Nullable Parameter bias;

    /** With bias; weights start truncated normal with deviation 0.02, the bias at 0. */
    public Linear(int in, int out) {
        this(in, out, true, Init.truncatedNormal(0.02));
    }

    public Linear(int in, int out, boolean withBias, Initializer initializer) {
        this.out = out;
        weight = parameter("weight", new Shape(out, in), initializer);
        bias = withBias ? parameter("bias", new Shape(out), Init.zeros()) : null;
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        Tally tally = pass.tally();
        if (tally != null) {
            tally.visit(this);
            Shape input = x.getShape();
            Shape output = input.slice(0, input.dimension() - 1).add(out);
            tally.add(output.size() * input.get(input.dimension() - 1), output);
            return Ops.withoutStorage(x, output);
        }
        return Ops.linear(x, array(weight), bias == null ? null : array(bias), pass.mixed());
    }
}

package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;

/**
 * Transposed convolution whose kernel is as wide as its stride, so that each cell becomes a square of cells: (B, in, H, W) to
 * (B, out, stride H, stride W). Parameters {@code weight} (in, out, stride, stride) and {@code bias} (out).
 */
public final class ConvTranspose2d extends Layer {
    private final int out;
    private final int stride;
    private final Parameter weight;
    private final Parameter bias;

    public ConvTranspose2d(int in, int out, int stride, Initializer initializer) {
        if (in < 1 || out < 1 || stride < 1) {
            throw new IllegalArgumentException(
                    "Sizes of a convolution must be positive: %d, %d, %d".formatted(in, out, stride));
        }
        this.out = out;
        this.stride = stride;
        weight = parameter("weight", new Shape(in, out, stride, stride), initializer);
        bias = parameter("bias", new Shape(out), Init.zeros());
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        Tally tally = pass.tally();
        if (tally != null) {
            tally.visit(this);
            Shape input = x.getShape();
            Shape output = new Shape(input.get(0), out, stride * input.get(2), stride * input.get(3));
            tally.add(output.size() * input.get(1), output);
            return Ops.withoutStorage(x, output);
        }
        String method = "conv_transpose2d" + (pass.mixed() ? "_bfloat16" : "");
        return Ops.library().tensor(x, method, x, array(weight), array(bias), stride);
    }
}

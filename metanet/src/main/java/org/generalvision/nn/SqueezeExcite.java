package org.generalvision.nn;

import ai.djl.ndarray.NDArray;

/**
 * Squeeze and excitation (arXiv 1709.01507) as in MobileNetV3: a factor for each channel of (B, C, H, W), computed from the
 * channels' means by two 1x1 convolutions with ReLU between them and a hard sigmoid after. Children {@code fc1}, {@code
 * fc2}.
 */
public final class SqueezeExcite extends Layer {
    private final Conv2d fc1;
    private final Conv2d fc2;

    public SqueezeExcite(int channels, int squeezed) {
        fc1 = child(
                "fc1",
                Conv2d.withTorchInit(Conv2d.Config.of(channels, squeezed, 1).withBias()));
        fc2 = child(
                "fc2",
                Conv2d.withTorchInit(Conv2d.Config.of(squeezed, channels, 1).withBias()));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray mean = Ops.adaptiveAvgPool2d(x, 1, 1);
        NDArray factor = Ops.hardSigmoid(fc2.forward(Ops.reluInPlace(fc1.forward(mean, pass)), pass));
        return x.mul(factor);
    }
}

package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;

/**
 * The local half of the down-sampling modules: a depth-wise 3x3 convolution with the stride, a norm, and a 1x1 convolution
 * to the new width. Children {@code depthwise}, {@code norm}, {@code pointwise}; both convolutions have a bias.
 */
final class StridedConvolution extends Layer {
    private final Conv2d depthwise;
    private final BatchNorm norm;
    private final Conv2d pointwise;

    StridedConvolution(Block block) {
        depthwise = child(
                "depthwise",
                Conv2d.withTorchInit(Conv2d.Config.depthwise(block.in(), 3)
                        .withStride(block.stride())
                        .withBias()));
        norm = child("norm", new BatchNorm(block.in()));
        pointwise = child(
                "pointwise",
                Conv2d.withTorchInit(
                        Conv2d.Config.of(block.in(), block.out(), 1).withBias()));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        return pointwise.forward(norm.forward(depthwise.forward(x, pass), pass), pass);
    }
}

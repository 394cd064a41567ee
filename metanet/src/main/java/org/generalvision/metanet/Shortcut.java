package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/** The residual path of a block that changes the shape: 3x3 max pooling, then a 1x1 convolution. Child {@code conv}. */
final class Shortcut extends Layer {
    private final int stride;
    private final Conv2d conv;

    Shortcut(Block block) {
        stride = block.stride();
        conv = child(
                "conv",
                Conv2d.withTorchInit(
                        Conv2d.Config.of(block.in(), block.out(), 1).withBias()));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        return conv.forward(Ops.maxPool2d(x, 3, stride, 1), pass);
    }
}

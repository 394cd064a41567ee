package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * Squeeze and excitation as in EfficientNet: SiLU between the convolutions and a sigmoid after, where MobileNetV3 and
 * MetaNet have ReLU and a hard sigmoid. Children {@code conv_reduce}, {@code conv_expand}, the names of timm.
 */
final class ChannelGate extends Layer {
    private final Conv2d reduce;
    private final Conv2d expand;

    ChannelGate(int channels, int squeezed) {
        reduce = child(
                "conv_reduce",
                Conv2d.withTorchInit(Conv2d.Config.of(channels, squeezed, 1).withBias()));
        expand = child(
                "conv_expand",
                Conv2d.withTorchInit(Conv2d.Config.of(squeezed, channels, 1).withBias()));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray mean = Ops.adaptiveAvgPool2d(x, 1, 1);
        return x.mul(Ops.sigmoid(expand.forward(Ops.silu(reduce.forward(mean, pass)), pass)));
    }
}

package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/** The residual path of a change of shape: 3x3 max pooling, then a 1x1 convolution. Child {@code conv}. */
final class Shortcut extends Layer {
    private final int stride;
    private final boolean pools;
    private final Conv2d conv;

    private Shortcut(int in, int out, int stride, boolean pools) {
        this.stride = stride;
        this.pools = pools;
        conv = child("conv", Conv2d.withTorchInit(Conv2d.Config.of(in, out, 1).withBias()));
    }

    /** Of a block: it pools even where the map keeps its size. */
    Shortcut(Block block) {
        this(block.in(), block.out(), block.stride(), true);
    }

    /** Of a down-sampling module: it pools only where the map shrinks. */
    static Shortcut ofModule(Block block) {
        return new Shortcut(block.in(), block.out(), block.stride(), block.stride() > 1);
    }

    /** Of any widths and stride, with pooling. */
    static Shortcut pooling(int in, int out, int stride) {
        return new Shortcut(in, out, stride, true);
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        return conv.forward(pools ? Ops.maxPool2d(x, 3, stride, 1) : x, pass);
    }
}

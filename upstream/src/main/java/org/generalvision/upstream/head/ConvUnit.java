package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.jspecify.annotations.Nullable;

/** A convolution {@code 0}, a norm {@code 1} and ReLU, the last two if wanted: names as in torchvision's own unit. */
final class ConvUnit extends Layer {
    private final Conv2d conv;
    private final @Nullable BatchNorm norm;
    private final boolean relu;

    private ConvUnit(Conv2d conv, @Nullable BatchNorm norm, boolean relu) {
        this.conv = child("0", conv);
        this.norm = norm == null ? null : child("1", norm);
        this.relu = relu;
    }

    /** The convolution alone. */
    static ConvUnit plain(Conv2d conv) {
        return new ConvUnit(conv, null, false);
    }

    /** With ReLU. */
    static ConvUnit relu(Conv2d conv) {
        return new ConvUnit(conv, null, true);
    }

    /** With norm and ReLU; the convolution has no bias. */
    static ConvUnit norm(Conv2d.Config config) {
        return new ConvUnit(Conv2d.withTorchInit(config), new BatchNorm(config.outChannels()), true);
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray h = conv.forward(x, pass);
        h = norm == null ? h : norm.forward(h, pass);
        return relu ? Ops.reluInPlace(h) : h;
    }
}

package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.jspecify.annotations.Nullable;

/**
 * Bottleneck of CLIP's ResNet: every convolution has stride 1, and where the block shrinks the map, average pooling follows
 * the 3x3 convolution and precedes the shortcut's. The last norm starts at 0, so the residual branch starts as nothing.
 */
final class ClipBottleneck extends Layer {
    static final int EXPANSION = 4;

    private final int stride;
    private final Conv2d conv1;
    private final BatchNorm bn1;
    private final Conv2d conv2;
    private final BatchNorm bn2;
    private final Conv2d conv3;
    private final BatchNorm bn3;
    private final @Nullable Downsample downsample;

    ClipBottleneck(int in, int width, int stride) {
        this.stride = stride;
        int out = EXPANSION * width;
        conv1 = child("conv1", Conv2d.withTorchInit(Conv2d.Config.of(in, width, 1)));
        bn1 = child("bn1", new BatchNorm(width));
        conv2 = child("conv2", Conv2d.withTorchInit(Conv2d.Config.of(width, width, 3)));
        bn2 = child("bn2", new BatchNorm(width));
        conv3 = child("conv3", Conv2d.withTorchInit(Conv2d.Config.of(width, out, 1)));
        bn3 = child("bn3", BatchNorm.zeroStart(out));
        downsample = stride == 1 && in == out ? null : child("downsample", new Downsample(in, out, stride));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray h = Ops.reluInPlace(bn1.forward(conv1.forward(x, pass), pass));
        h = Ops.reluInPlace(bn2.forward(conv2.forward(h, pass), pass));
        h = bn3.forward(conv3.forward(pooled(h, stride), pass), pass);
        return Ops.reluInPlace(h.add(downsample == null ? x : downsample.forward(x, pass)));
    }

    private static NDArray pooled(NDArray x, int stride) {
        return stride == 1 ? x : Ops.avgPool2d(x, stride, stride);
    }

    /** The residual path where the shape changes: pooling, a 1x1 convolution {@code 0} and a norm {@code 1}. */
    private static final class Downsample extends Layer {
        private final int stride;
        private final Conv2d conv;
        private final BatchNorm norm;

        Downsample(int in, int out, int stride) {
            this.stride = stride;
            conv = child("0", Conv2d.withTorchInit(Conv2d.Config.of(in, out, 1)));
            norm = child("1", new BatchNorm(out));
        }

        @Override
        public NDArray forward(NDArray x, Pass pass) {
            return norm.forward(conv.forward(pooled(x, stride), pass), pass);
        }
    }
}

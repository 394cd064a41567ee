package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.jspecify.annotations.Nullable;

/** Residual block of a 1x1 convolution to the inner width, a 3x3 one with the stride, and a 1x1 one to four times that. */
final class BottleneckBlock extends Layer {
    static final int EXPANSION = 4;

    private final Conv2d conv1;
    private final BatchNorm bn1;
    private final Conv2d conv2;
    private final BatchNorm bn2;
    private final Conv2d conv3;
    private final BatchNorm bn3;
    private final BasicBlock.@Nullable Downsample downsample;

    BottleneckBlock(int in, int width, int stride) {
        int out = EXPANSION * width;
        conv1 = child("conv1", new Conv2d(Conv2d.Config.of(in, width, 1), Init.kaimingFanOut()));
        bn1 = child("bn1", new BatchNorm(width));
        conv2 = child("conv2", new Conv2d(Conv2d.Config.of(width, width, 3).withStride(stride), Init.kaimingFanOut()));
        bn2 = child("bn2", new BatchNorm(width));
        conv3 = child("conv3", new Conv2d(Conv2d.Config.of(width, out, 1), Init.kaimingFanOut()));
        bn3 = child("bn3", new BatchNorm(out));
        downsample = stride == 1 && in == out ? null : child("downsample", new BasicBlock.Downsample(in, out, stride));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray h = Ops.reluInPlace(bn1.forward(conv1.forward(x, pass), pass));
        h = Ops.reluInPlace(bn2.forward(conv2.forward(h, pass), pass));
        h = bn3.forward(conv3.forward(h, pass), pass);
        return Ops.reluInPlace(h.add(downsample == null ? x : downsample.forward(x, pass)));
    }
}

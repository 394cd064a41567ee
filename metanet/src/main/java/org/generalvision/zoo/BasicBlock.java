package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.jspecify.annotations.Nullable;

/** Residual block of two 3x3 convolutions, the first with the stride. */
final class BasicBlock extends Layer {
    private final Conv2d conv1;
    private final BatchNorm bn1;
    private final Conv2d conv2;
    private final BatchNorm bn2;
    private final @Nullable Downsample downsample;

    BasicBlock(int in, int width, int stride) {
        conv1 = child("conv1", new Conv2d(Conv2d.Config.of(in, width, 3).withStride(stride), Init.kaimingFanOut()));
        bn1 = child("bn1", new BatchNorm(width));
        conv2 = child("conv2", new Conv2d(Conv2d.Config.of(width, width, 3), Init.kaimingFanOut()));
        bn2 = child("bn2", new BatchNorm(width));
        downsample = stride == 1 && in == width ? null : child("downsample", new Downsample(in, width, stride));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray h = Ops.reluInPlace(bn1.forward(conv1.forward(x, pass), pass));
        h = bn2.forward(conv2.forward(h, pass), pass);
        return Ops.reluInPlace(h.add(downsample == null ? x : downsample.forward(x, pass)));
    }

    /** The residual path where the shape changes: a 1x1 convolution {@code 0} with the stride and a norm {@code 1}. */
    static final class Downsample extends Layer {
        private final Conv2d conv;
        private final BatchNorm norm;

        Downsample(int in, int out, int stride) {
            conv = child("0", new Conv2d(Conv2d.Config.of(in, out, 1).withStride(stride), Init.kaimingFanOut()));
            norm = child("1", new BatchNorm(out));
        }

        @Override
        public NDArray forward(NDArray x, Pass pass) {
            return norm.forward(conv.forward(x, pass), pass);
        }
    }
}

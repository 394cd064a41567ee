package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.jspecify.annotations.Nullable;

/**
 * Residual network (arXiv 1512.03385) with the parameter names of torchvision ({@code conv1.weight}, {@code
 * layer1.0.downsample.0.weight}, {@code fc.weight}) and, as there, the stride of a bottleneck in its 3x3 convolution. Taps
 * {@code layer1} to {@code layer4}, also called {@code stride4} to {@code stride32}.
 */
final class ResNet extends Backbone {
    private static final int STEM = 64;

    private final Conv2d conv1;
    private final BatchNorm bn1;
    private final List<List<Layer>> layers = new ArrayList<>();
    private final @Nullable Linear fc;
    private final int featureWidth;

    private ResNet(boolean bottleneck, List<Integer> repeats, int classes) {
        conv1 = child("conv1", new Conv2d(Conv2d.Config.of(3, STEM, 7).withStride(2), Init.kaimingFanOut()));
        bn1 = child("bn1", new BatchNorm(STEM));
        int in = STEM;
        for (int i = 0; i < repeats.size(); i++) {
            int width = STEM << i;
            List<Layer> blocks = new ArrayList<>();
            for (int j = 0; j < repeats.get(i); j++) {
                int stride = i > 0 && j == 0 ? 2 : 1;
                blocks.add(bottleneck ? new BottleneckBlock(in, width, stride) : new BasicBlock(in, width, stride));
                in = bottleneck ? BottleneckBlock.EXPANSION * width : width;
            }
            layers.add(children("layer" + (i + 1), blocks));
        }
        featureWidth = in;
        Linear classifier = new Linear(in, Math.max(classes, 1), true, Init.kaimingUniformFanIn());
        fc = classes == 0 ? null : child("fc", classifier);
    }

    /** With blocks of two 3x3 convolutions, as in ResNet-18 and ResNet-34. */
    static ResNet ofBasicBlocks(List<Integer> repeats, int classes) {
        return new ResNet(false, repeats, classes);
    }

    /** With blocks of 1x1, 3x3 and 1x1 convolutions, as in ResNet-50 and deeper. */
    static ResNet ofBottlenecks(List<Integer> repeats, int classes) {
        return new ResNet(true, repeats, classes);
    }

    @Override
    public int featureWidth() {
        return featureWidth;
    }

    @Override
    public NDArray features(NDArray x, Pass pass) {
        NDArray h = Ops.reluInPlace(bn1.forward(conv1.forward(x, pass), pass));
        h = pass.stage("stem", Ops.maxPool2d(h, 3, 2, 1));
        for (int i = 0; i < layers.size(); i++) {
            for (Layer block : layers.get(i)) {
                h = block.forward(h, pass);
            }
            h = pass.tap("stride" + (4 << i), pass.stage("layer" + (i + 1), h));
        }
        return Ops.globalAvgPool(h);
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray feature = features(x, pass);
        return fc == null ? feature : pass.stage("fc", fc.forward(feature, pass));
    }
}

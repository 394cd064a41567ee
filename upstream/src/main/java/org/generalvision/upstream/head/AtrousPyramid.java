package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Dropout;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * Atrous spatial pyramid pooling (DeepLabV3, arXiv 1706.05587, section 3.3): a 1x1 convolution, 3x3 convolutions with holes of
 * several rates, and the mean of the whole map, side by side, then a 1x1 convolution and dropout. Parameter names as
 * torchvision: {@code convs.0.0.weight}, {@code convs.4.1.weight}, {@code project.0.weight}.
 */
final class AtrousPyramid extends Layer {
    private final List<Layer> convs;
    private final ConvUnit project;
    private final Dropout dropout;

    AtrousPyramid(int in, int width, List<Integer> rates, double rateOfDropout) {
        List<Layer> units = new ArrayList<>();
        units.add(ConvUnit.norm(Conv2d.Config.of(in, width, 1)));
        for (int rate : rates) {
            units.add(ConvUnit.norm(Conv2d.Config.of(in, width, 3).withDilation(rate)));
        }
        units.add(new WholeMap(in, width));
        convs = children("convs", units);
        project = child("project", ConvUnit.norm(Conv2d.Config.of(units.size() * width, width, 1)));
        dropout = child("dropout", new Dropout(rateOfDropout));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDList side = new NDList();
        for (Layer conv : convs) {
            side.add(conv.forward(x, pass));
        }
        return dropout.forward(project.forward(NDArrays.concat(side, 1), pass), pass);
    }

    /** The mean of the map, convolved and normalized, at every cell. */
    private static final class WholeMap extends Layer {
        private final Conv2d conv;
        private final BatchNorm norm;

        WholeMap(int in, int width) {
            conv = child("1", Conv2d.withTorchInit(Conv2d.Config.of(in, width, 1)));
            norm = child("2", new BatchNorm(width));
        }

        @Override
        public NDArray forward(NDArray x, Pass pass) {
            Shape shape = x.getShape();
            if (pass.training() && !isFrozen() && shape.get(0) < 2) {
                throw new IllegalArgumentException(
                        "The pooling of whole maps normalizes over the batch and needs at least"
                                + " 2 images in it: use a larger batch");
            }
            NDArray mean = Ops.adaptiveAvgPool2d(x, 1, 1);
            NDArray h = Ops.reluInPlace(norm.forward(conv.forward(mean, pass), pass));
            return h.broadcast(new Shape(shape.get(0), h.getShape().get(1), shape.get(2), shape.get(3)));
        }
    }
}

package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * Two linear maps with ReLU on what was read of a region: (N, C, bins, bins) to (N, width). Parameters {@code fc6}, {@code fc7} as
 * in torchvision.
 */
public final class BoxHead extends Layer {
    private final Linear fc6;
    private final Linear fc7;

    /** A head that is not yet initialized. */
    public BoxHead(int channels, int bins, int width) {
        fc6 = child("fc6", new Linear(channels * bins * bins, width, true, Init.kaimingUniformFanIn()));
        fc7 = child("fc7", new Linear(width, width, true, Init.kaimingUniformFanIn()));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray flat = x.reshape(new Shape(x.getShape().get(0), -1));
        NDArray hidden = Ops.reluInPlace(fc6.forward(flat, pass));
        return Ops.reluInPlace(fc7.forward(hidden, pass));
    }
}

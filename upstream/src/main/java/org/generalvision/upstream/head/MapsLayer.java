package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;

/** A layer that reads several feature maps at once, by methods of its own; it cannot be applied to one array. */
public abstract class MapsLayer extends Layer {
    @Override
    public final NDArray forward(NDArray x, Pass pass) {
        throw new IllegalStateException(getClass().getSimpleName() + " reads several maps, not one array");
    }
}

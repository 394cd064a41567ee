package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;

/** Rows of a table by int64 index: (...) to (..., width). Parameter {@code weight} (entries, width). */
public final class Embedding extends Layer {
    private final Parameter weight;

    public Embedding(int entries, int width, Initializer initializer) {
        weight = parameter("weight", new Shape(entries, width), initializer);
    }

    @Override
    public NDArray forward(NDArray indices, Pass pass) {
        pass.visit(this);
        return Ops.embedding(indices, array(weight));
    }
}

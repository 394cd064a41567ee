package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.training.initializer.Initializer;

/** Two linear maps of the last axis with an activation between them. Children {@code fc1}, {@code fc2}. */
public final class Mlp extends Layer {
    private final Linear fc1;
    private final Linear fc2;
    private final Activation activation;

    /** From width to hidden and back, with biases; weights start truncated normal with deviation 0.02. */
    public Mlp(int width, int hidden, Activation activation) {
        this(width, hidden, width, activation);
    }

    /** From one width to hidden and to another. */
    public Mlp(int width, int hidden, int out, Activation activation) {
        this(width, hidden, out, activation, Init.truncatedNormal(0.02), Init.truncatedNormal(0.02));
    }

    public Mlp(int width, int hidden, Activation activation, Initializer first, Initializer second) {
        this(width, hidden, width, activation, first, second);
    }

    private Mlp(int width, int hidden, int out, Activation activation, Initializer first, Initializer second) {
        fc1 = child("fc1", new Linear(width, hidden, true, first));
        fc2 = child("fc2", new Linear(hidden, out, true, second));
        this.activation = activation;
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        return fc2.forward(activation.apply(fc1.forward(x, pass)), pass);
    }
}

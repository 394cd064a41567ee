package org.generalvision.upstream.amateur.local;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/** Two linear maps with norm and ReLU between them, as BYOL's projector and predictor: (N, in) to (N, out). */
final class Perceptron extends Layer {
    private final Linear linear1;
    private final BatchNorm norm;
    private final Linear linear2;

    Perceptron(int in, int hidden, int out) {
        linear1 = child("linear1", new Linear(in, hidden, true, Init.kaimingUniformFanIn()));
        norm = child("norm1", new BatchNorm(hidden));
        linear2 = child("linear2", new Linear(hidden, out, true, Init.kaimingUniformFanIn()));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        return linear2.forward(Ops.relu(norm.forward(linear1.forward(x, pass), pass)), pass);
    }
}

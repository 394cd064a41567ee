package org.generalvision.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A layer, an input shape and the layer's definition in plain loops; it is checked in a training pass in float64, with every
 * parameter drawn at random so that none is hidden by its starting value.
 */
public record LayerCase(
        String name,
        Supplier<Layer> layer,
        Shape input,
        @Nullable Definition definition) {

    /** The layer's result from its input and parameters by path. */
    @FunctionalInterface
    public interface Definition {
        Plain of(Plain x, Map<String, Plain> parameters);
    }

    @Override
    public String toString() {
        return name;
    }

    /** The values of a training pass are those of the definition. */
    public void checkValues() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Layer network = randomLayer(manager);
            NDArray x = manager.randomNormal(input, DataType.FLOAT64);
            SortedMap<String, Plain> parameters = new TreeMap<>();
            network.parameters().forEach((path, p) -> parameters.put(path, Plain.of(p.getArray())));
            Plain expected = Objects.requireNonNull(definition).of(Plain.of(x), parameters);
            Plain actual = Plain.of(network.forward(x, Pass.training(Precision.FLOAT32)));
            assertThat(actual.shape()).isEqualTo(expected.shape());
            assertThat(actual.values()).containsExactly(expected.values(), within(1e-9));
        }
    }

    /** The gradients of a training pass, of the input and of every parameter, are those of central differences. */
    public void checkGradients() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Layer network = randomLayer(manager);
            NDArray x = manager.randomNormal(input, DataType.FLOAT64);
            List<NDArray> variables = new ArrayList<>(List.of(x));
            network.parameters().values().stream()
                    .filter(p -> !Layer.isBuffer(p))
                    .map(Parameter::getArray)
                    .forEach(variables::add);
            GradientCheck.of(manager, variables, () -> network.forward(x, Pass.training(Precision.FLOAT32)));
        }
    }

    /** A counting walk gives the shape of the real one, and mixed precision nearly the values and gradients of float32. */
    public void checkShapeAndMixedPrecision() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            manager.getEngine().setRandomSeed(3);
            Layer network = layer.get();
            network.initialize(manager, DataType.FLOAT32);
            NDArray x = manager.randomNormal(input);
            NDArray weighting =
                    manager.randomNormal(network.forward(x, Pass.evaluation()).getShape());
            assertThat(Cost.of(layer.get(), input).output()).isEqualTo(weighting.getShape());
            NDList exact = valueAndGradient(network, x.duplicate(), weighting, Precision.FLOAT32);
            NDList mixed = valueAndGradient(network, x.duplicate(), weighting, Precision.MIXED);
            for (int i = 0; i < exact.size(); i++) {
                double difference = mixed.get(i).sub(exact.get(i)).norm().getFloat();
                assertThat(difference).isLessThan(0.03 * exact.get(i).norm().getFloat());
            }
        }
    }

    private static NDList valueAndGradient(Layer network, NDArray x, NDArray weighting, Precision precision) {
        JniUtils.setGradMode(true);
        x.setRequiresGradient(true);
        NDArray y = Ops.toFloat32(network.forward(x, Pass.evaluation(precision)));
        JniUtils.backward((PtNDArray) y, (PtNDArray) weighting, false, false);
        return new NDList(y.stopGradient(), x.getGradient());
    }

    private Layer randomLayer(NDManager manager) {
        manager.getEngine().setRandomSeed(3);
        Layer network = layer.get();
        network.initialize(manager, DataType.FLOAT64);
        for (Parameter p : network.parameters().values()) {
            if (Layer.isBuffer(p)) {
                continue;
            }
            NDArray array = p.getArray();
            array.setRequiresGradient(false);
            array.muli(0).addi(manager.randomNormal(0, 0.5f, array.getShape(), DataType.FLOAT64));
        }
        return network;
    }
}

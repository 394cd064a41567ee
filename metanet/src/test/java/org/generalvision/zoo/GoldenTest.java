package org.generalvision.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.weights.SafetensorsFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Networks against torchvision and a PyTorch rendering of CLIP's ResNet; {@code golden/zoo.py} made the values and says by
 * which formula both sides compute the weights. It walks the torch names in sorted order, so the names are tested too.
 */
class GoldenTest {
    private static final double TOLERANCE = 1e-6;

    static Stream<Arguments> networks() {
        return Stream.of(
                Arguments.of("resnet18", ZooCatalog.create("resnet18", 10, 64), 48),
                Arguments.of("resnet50", ZooCatalog.create("resnet50", 10, 64), 48),
                Arguments.of(
                        "clip-resnet", new ClipResNet(new ClipResNet.Config(8, List.of(1, 2, 1, 1), 16, 64), 0), 64));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void resultsAndInputGradientAreThoseOfTheReference(String name, Backbone network, int width) {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
                SafetensorsFile golden =
                        SafetensorsFile.open(Path.of("src/test/resources/golden", name + ".safetensors"))) {
            network.initialize(manager, DataType.FLOAT64);
            fill(network);
            NDArray pictures = numbers(manager, 1000, new Shape(2, 3, 64, width));
            JniUtils.setGradMode(true);
            assertClose(network.forward(pictures, Pass.evaluation()), golden.read("evaluation", manager));
            pictures.setRequiresGradient(true);
            NDArray training = network.forward(pictures, Pass.training(Precision.FLOAT32));
            assertClose(training, golden.read("training", manager));
            NDArray weighting = numbers(manager, 1001, training.getShape());
            JniUtils.backward((PtNDArray) training, (PtNDArray) weighting, false, false);
            assertClose(pictures.getGradient().get(0), golden.read("gradient", manager));
        }
    }

    private static void assertClose(NDArray actual, NDArray expected) {
        assertThat(actual.getShape()).isEqualTo(expected.getShape());
        NDArray wide = expected.toType(DataType.FLOAT64, false);
        double largest = wide.abs().max().getDouble();
        double difference = actual.sub(wide).abs().max().getDouble();
        assertThat(difference).isLessThan(TOLERANCE * largest);
    }

    private static void fill(Backbone network) {
        int stream = 0;
        for (Map.Entry<String, Parameter> entry : network.parameters().entrySet()) {
            NDArray array = entry.getValue().getArray();
            array.setRequiresGradient(false);
            Shape shape = array.getShape();
            double[] values = new double[(int) shape.size()];
            boolean scale =
                    entry.getKey().endsWith("running_var") || entry.getKey().endsWith("weight");
            for (int i = 0; i < values.length; i++) {
                double u = uniform(stream, i);
                if (shape.dimension() > 1) {
                    values[i] = (2 * u - 1) * Math.sqrt(6.0 / shape.slice(1).size());
                } else {
                    values[i] = scale ? 0.5 + u : 0.5 * (u - 0.5);
                }
            }
            array.muli(0).addi(array.getManager().create(values, shape));
            stream++;
        }
    }

    private static NDArray numbers(NDManager manager, int stream, Shape shape) {
        double[] values = new double[(int) shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * uniform(stream, i) - 1;
        }
        return manager.create(values, shape);
    }

    /** SplitMix64 of (stream, i), the upper 24 bits as a number in [0, 1). */
    private static double uniform(int stream, int i) {
        long z = (((long) stream << 32) + i + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        z = z ^ z >>> 31;
        return (z >>> 40) / (double) (1 << 24);
    }
}

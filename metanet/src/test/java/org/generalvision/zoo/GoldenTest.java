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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.generalvision.nn.Activation;
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
        NameDialect own = NameDialect.OWN;
        return Stream.of(
                Arguments.of("resnet18", ZooCatalog.create("resnet18", 10, 64), own, new Shape(2, 3, 64, 48)),
                Arguments.of("resnet50", ZooCatalog.create("resnet50", 10, 64), own, new Shape(2, 3, 64, 48)),
                Arguments.of("mobilenetv2", mobileNetV2(), NameDialect.MOBILENET.get(1), new Shape(2, 3, 64, 48)),
                Arguments.of("efficientnet", efficientNet(), NameDialect.efficientNet(3), new Shape(2, 3, 64, 48)),
                Arguments.of(
                        "vit",
                        new VisionTransformer(new VisionTransformer.Config(32, 2, 2, 16, 48), 10),
                        NameDialect.VIT.get(1),
                        new Shape(2, 3, 48, 48)),
                // A map of 17 x 11 places: filled up to whole windows, shifted along both axes in the first stage.
                Arguments.of(
                        "swin",
                        new SwinTransformer(new SwinTransformer.Config(16, List.of(2, 2), List.of(2, 4), 7, 0), 10),
                        NameDialect.SWIN.get(2),
                        new Shape(2, 3, 68, 44)),
                Arguments.of(
                        "convnext",
                        new ConvNext(new ConvNext.Config(List.of(2, 1), List.of(16, 32), 0), 10),
                        NameDialect.CONVNEXT.get(1),
                        new Shape(2, 3, 64, 48)),
                Arguments.of(
                        "clip-resnet",
                        new ClipResNet(new ClipResNet.Config(8, List.of(1, 2, 1, 1), 16, 64), 0),
                        own,
                        new Shape(2, 3, 64, 64)));
    }

    private static Backbone mobileNetV2() {
        InvertedResidualNet.Config c = InvertedResidualNet.Config.mobileNetV2(0.5);
        return new InvertedResidualNet(
                new InvertedResidualNet.Config(
                        c.stem(), c.stages(), c.head(), c.gated(), c.activation(), c.epsilon(), 0, 0),
                10);
    }

    private static Backbone efficientNet() {
        List<InvertedResidualNet.Stage> stages = List.of(
                new InvertedResidualNet.Stage(1, 3, 1, 8, 1),
                new InvertedResidualNet.Stage(6, 3, 2, 16, 2),
                new InvertedResidualNet.Stage(6, 5, 2, 24, 2));
        return new InvertedResidualNet(
                new InvertedResidualNet.Config(16, stages, 96, true, Activation.SILU, 1e-3, 0, 0), 10);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void resultsAndInputGradientAreThoseOfTheReference(
            String name, Backbone network, NameDialect dialect, Shape pictureShape) {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
                SafetensorsFile golden =
                        SafetensorsFile.open(Path.of("src/test/resources/golden", name + ".safetensors"))) {
            network.initialize(manager, DataType.FLOAT64);
            fill(network, dialect);
            NDArray pictures = numbers(manager, 1000, pictureShape);
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

    private static void fill(Backbone network, NameDialect dialect) {
        SortedMap<String, Parameter> named = new TreeMap<>();
        network.parameters().forEach((name, parameter) -> named.put(dialect.of(name), parameter));
        int stream = 0;
        for (Map.Entry<String, Parameter> entry : named.entrySet()) {
            NDArray array = entry.getValue().getArray();
            array.setRequiresGradient(false);
            Shape shape = array.getShape();
            double[] values = new double[(int) shape.size()];
            boolean scale =
                    entry.getKey().endsWith("running_var") || entry.getKey().endsWith("weight");
            for (int i = 0; i < values.length; i++) {
                double u = uniform(stream, i);
                if (entry.getKey().endsWith("layer_scale")) { // there of shape (C, 1, 1)
                    values[i] = (2 * u - 1) * Math.sqrt(6);
                } else if (shape.dimension() > 1) {
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

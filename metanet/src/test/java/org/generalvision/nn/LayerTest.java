package org.generalvision.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every layer against its definition in plain loops, values and gradients, in float64. */
class LayerTest {
    private static final Shape MAP = new Shape(2, 4, 5, 3);
    private static final Shape TOKENS = new Shape(2, 5, 8);

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void valuesAreThoseOfTheDefinition(LayerCase c) {
        c.checkValues();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void gradientsAreThoseOfCentralDifferences(LayerCase c) {
        c.checkGradients();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void countedShapesAndMixedPrecisionAgreeWithTheRealWalk(LayerCase c) {
        c.checkShapeAndMixedPrecision();
    }

    static Stream<LayerCase> layers() {
        return Stream.concat(mapLayers(), tokenLayers());
    }

    private static Stream<LayerCase> mapLayers() {
        Conv2d.Config strided = Conv2d.Config.of(4, 6, 3).withStride(2).withBias();
        Conv2d.Config dilated = Conv2d.Config.of(4, 2, 3).withDilation(2);
        Conv2d.Config depthwise = Conv2d.Config.depthwise(4, 3);
        Conv2d.Config grouped = new Conv2d.Config(4, 6, 1, 1, 0, 1, 2, true);
        return Stream.of(
                new LayerCase("strided convolution", () -> new Conv2d(strided), MAP, (x, p) -> conv(x, p, 2, 1, 1, 1)),
                new LayerCase("dilated convolution", () -> new Conv2d(dilated), MAP, (x, p) -> conv(x, p, 1, 2, 2, 1)),
                new LayerCase(
                        "depth-wise convolution", () -> new Conv2d(depthwise), MAP, (x, p) -> conv(x, p, 1, 1, 1, 4)),
                new LayerCase("grouped convolution", () -> new Conv2d(grouped), MAP, (x, p) -> conv(x, p, 1, 0, 1, 2)),
                new LayerCase(
                        "transposed convolution",
                        () -> new ConvTranspose2d(4, 3, 2, Init.normal(0.3)),
                        MAP,
                        (x, p) -> convTranspose(x, get(p, "weight"), get(p, "bias"), 2)),
                new LayerCase("batch norm", () -> new BatchNorm(4), MAP, LayerTest::batchNorm),
                new LayerCase("squeeze and excitation", () -> new SqueezeExcite(4, 8), MAP, LayerTest::squeezeExcite));
    }

    private static Stream<LayerCase> tokenLayers() {
        TransformerBlock.Config clip = TransformerBlock.Config.clipText(8, 2, 0, 3);
        return Stream.of(
                new LayerCase(
                        "linear", () -> new Linear(8, 3), TOKENS, (x, p) -> x.linear(get(p, "weight"), get(p, "bias"))),
                new LayerCase("layer norm", () -> new LayerNorm(8), TOKENS, (x, p) -> layerNorm(x, p, "")),
                new LayerCase(
                        "layer scale",
                        () -> new LayerScale(8, 0.1),
                        TOKENS,
                        (x, p) -> Plain.filled(i -> x.at(i) * get(p, "gamma").at(i[2]), x.shape())),
                new LayerCase("mlp", () -> new Mlp(8, 12, Activation.GELU), TOKENS, (x, p) -> mlp(x, p, "")),
                new LayerCase(
                        "attention",
                        () -> new Attention(8, 6, 2, false),
                        TOKENS,
                        (x, p) -> attention(x, p, "", Definitions.Mask.NONE, 2)),
                new LayerCase(
                        "causal attention",
                        () -> new Attention(8, 8, 4, true),
                        TOKENS,
                        (x, p) -> attention(x, p, "", Definitions.Mask.CAUSAL, 4)),
                new LayerCase(
                        "cross-covariance attention",
                        () -> new CrossCovarianceAttention(8, 6, 2),
                        TOKENS,
                        LayerTest::crossCovariance),
                new LayerCase(
                        "transformer block",
                        () -> new TransformerBlock(TransformerBlock.Config.of(8, 2)),
                        TOKENS,
                        (x, p) -> transformerBlock(x, p, Definitions.Mask.NONE, Definitions::gelu)),
                new LayerCase(
                        "CLIP's causal transformer block",
                        () -> new TransformerBlock(clip),
                        TOKENS,
                        (x, p) -> transformerBlock(
                                x, p, Definitions.Mask.CAUSAL, t -> t * Definitions.sigmoid(1.702 * t))));
    }

    private static Plain conv(Plain x, Map<String, Plain> p, int stride, int padding, int dilation, int groups) {
        return Definitions.conv2d(x, get(p, "weight"), p.get("bias"), stride, padding, dilation, groups);
    }

    private static Plain convTranspose(Plain x, Plain weight, Plain bias, int stride) {
        return Plain.filled(
                i -> {
                    double sum = bias.at(i[1]);
                    for (int c = 0; c < x.size(1); c++) {
                        sum += x.at(i[0], c, i[2] / stride, i[3] / stride)
                                * weight.at(c, i[1], i[2] % stride, i[3] % stride);
                    }
                    return sum;
                },
                x.size(0),
                weight.size(1),
                (long) stride * x.size(2),
                (long) stride * x.size(3));
    }

    private static Plain get(Map<String, Plain> parameters, String path) {
        return Objects.requireNonNull(parameters.get(path), path);
    }

    private static Plain batchNorm(Plain x, Map<String, Plain> p) {
        return Definitions.batchNorm(x, get(p, "weight"), get(p, "bias"), 1e-5);
    }

    private static Plain squeezeExcite(Plain x, Map<String, Plain> p) {
        Plain mean = Definitions.adaptivePool(x, 1, 1);
        Plain squeezed = Definitions.conv2d(mean, get(p, "fc1.weight"), get(p, "fc1.bias"), 1, 0, 1, 1)
                .map(t -> Math.max(t, 0));
        Plain factor = Definitions.conv2d(squeezed, get(p, "fc2.weight"), get(p, "fc2.bias"), 1, 0, 1, 1)
                .map(Definitions::hardSigmoid);
        return Plain.filled(i -> x.at(i) * factor.at(i[0], i[1], 0, 0), x.shape());
    }

    private static Plain layerNorm(Plain x, Map<String, Plain> p, String path) {
        return Definitions.layerNorm(x, get(p, path + "weight"), get(p, path + "bias"), 1e-5);
    }

    private static Plain linear(Plain x, Map<String, Plain> p, String path) {
        return x.linear(get(p, path + ".weight"), get(p, path + ".bias"));
    }

    private static Plain mlp(Plain x, Map<String, Plain> p, String path) {
        return linear(linear(x, p, path + "fc1").map(Definitions::gelu), p, path + "fc2");
    }

    private static Plain attention(Plain x, Map<String, Plain> p, String path, Definitions.Mask mask, int heads) {
        Plain qkv = linear(x, p, path + "qkv");
        return linear(Definitions.selfAttention(qkv, heads, mask), p, path + "proj");
    }

    private static Plain crossCovariance(Plain x, Map<String, Plain> p) {
        Plain qkv = linear(x, p, "qkv");
        return linear(Definitions.crossCovariance(qkv, get(p, "temperature"), 2), p, "proj");
    }

    private static Plain transformerBlock(
            Plain x, Map<String, Plain> p, Definitions.Mask mask, DoubleUnaryOperator activation) {
        Plain h = x.plus(attention(layerNorm(x, p, "norm1."), p, "attention.", mask, 2));
        Plain hidden = linear(layerNorm(h, p, "norm2."), p, "mlp.fc1").map(activation);
        return h.plus(linear(hidden, p, "mlp.fc2"));
    }

    @Test
    void batchNormMovesItsStatisticsInTrainingAndUsesThemInEvaluation() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            BatchNorm norm = new BatchNorm(1);
            norm.initialize(manager, DataType.FLOAT32);
            NDArray x = manager.create(new float[] {1, 2, 3, 6}, new Shape(4, 1, 1, 1));
            norm.forward(x, Pass.training(Precision.FLOAT32));
            // Mean 3, unbiased variance 14 / 3; momentum 0.1 from 0 and 1.
            double mean = 0.3;
            double variance = 0.9 + 0.1 * 14 / 3;
            assertThat(value(norm, "running_mean")).isCloseTo((float) mean, within(1e-6f));
            assertThat(value(norm, "running_var")).isCloseTo((float) variance, within(1e-6f));
            float first = norm.forward(x, Pass.evaluation()).toFloatArray()[0];
            assertThat(first).isCloseTo((float) ((1 - mean) / Math.sqrt(variance + 1e-5)), within(1e-6f));
            assertThat(value(norm, "running_mean")).isCloseTo((float) mean, within(1e-6f));
        }
    }

    @Test
    void aFrozenBatchNormKeepsItsStatisticsInTraining() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            BatchNorm norm = new BatchNorm(1);
            norm.initialize(manager, DataType.FLOAT32);
            norm.freeze(true);
            NDArray x = manager.create(new float[] {1, 2, 3, 6}, new Shape(4, 1, 1, 1));
            NDArray y = norm.forward(x, Pass.training(Precision.FLOAT32));
            assertThat(value(norm, "running_mean")).isZero();
            assertThat(y.toFloatArray()[3]).isCloseTo(6f, within(1e-4f));
        }
    }

    @Test
    void aBatchNormRefusesToTrainOnOneValueOfEachChannel() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            BatchNorm norm = new BatchNorm(3);
            norm.initialize(manager, DataType.FLOAT32);
            NDArray x = manager.ones(new Shape(1, 3, 1, 1));
            assertThatThrownBy(() -> norm.forward(x, Pass.training(Precision.FLOAT32)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("(1, 3, 1, 1)");
            assertThat(norm.forward(x, Pass.evaluation()).toFloatArray()).hasSize(3);
        }
    }

    private static float value(Layer layer, String path) {
        return Objects.requireNonNull(layer.parameters().get(path)).getArray().getFloat();
    }

    @Test
    void dropPathDropsWholeSamplesAndKeepsTheMean() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            manager.getEngine().setRandomSeed(5);
            NDArray x = manager.ones(new Shape(4000, 2, 3));
            NDArray y = new DropPath(0.25).forward(x, Pass.training(Precision.FLOAT32));
            float[] samples = y.reshape(4000, 6).mean(new int[] {1}).toFloatArray();
            for (float sample : samples) {
                assertThat(sample)
                        .satisfiesAnyOf(
                                s -> assertThat(s).isZero(), s -> assertThat(s).isCloseTo(4 / 3f, within(1e-6f)));
            }
            assertThat(y.mean().getFloat()).isCloseTo(1, within(0.03f));
            assertThat(new DropPath(0.25).forward(x, Pass.evaluation())).isSameAs(x);
        }
    }

    @Test
    void dropPathIsSpreadOverANetworkLinearly() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            manager.getEngine().setRandomSeed(5);
            DropPath first = new DropPath(0.9);
            DropPath middle = new DropPath(0);
            DropPath last = new DropPath(0);
            Chain network = new Chain(List.of(first, new Linear(3, 3), middle, last));
            DropPath.spread(network, 0.5);
            NDArray x = manager.ones(new Shape(4000, 3));
            Pass training = Pass.training(Precision.FLOAT32);
            assertThat(first.forward(x, training)).isSameAs(x);
            assertThat(droppedShare(middle.forward(x, training))).isCloseTo(0.25f, within(0.03f));
            assertThat(droppedShare(last.forward(x, training))).isCloseTo(0.5f, within(0.03f));
        }
        assertThatThrownBy(() -> DropPath.spread(new Linear(3, 3), 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no branches that drop path could drop, but the rate is 0.1");
        DropPath.spread(new Linear(3, 3), 0);
    }

    private static float droppedShare(NDArray x) {
        return x.eq(0).toType(DataType.FLOAT32, false).mean().getFloat();
    }

    private static final class Chain extends Layer {
        private final List<Layer> layers;

        Chain(List<Layer> layers) {
            this.layers = children("layers", layers);
        }

        @Override
        public NDArray forward(NDArray x, Pass pass) {
            NDArray h = x;
            for (Layer layer : layers) {
                h = layer.forward(h, pass);
            }
            return h;
        }
    }

    @Test
    void dropoutDropsElementsAndKeepsTheMean() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            manager.getEngine().setRandomSeed(5);
            NDArray x = manager.ones(new Shape(200, 100));
            NDArray y = new Dropout(0.2).forward(x, Pass.training(Precision.FLOAT32));
            assertThat(y.eq(0).toType(DataType.FLOAT32, false).mean().getFloat())
                    .isCloseTo(0.2f, within(0.01f));
            assertThat(y.max().getFloat()).isCloseTo(1.25f, within(1e-6f));
            assertThat(y.mean().getFloat()).isCloseTo(1, within(0.02f));
            assertThat(new Dropout(0.2).forward(x, Pass.evaluation())).isSameAs(x);
        }
    }

    @Test
    void anEmbeddingGivesTheRowsOfItsTable() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Embedding embedding = new Embedding(3, 2, Init.normal(1));
            embedding.initialize(manager, DataType.FLOAT32);
            NDArray y = embedding.forward(manager.create(new long[] {2, 0}, new Shape(1, 2)), Pass.evaluation());
            float[] table = Objects.requireNonNull(embedding.parameters().get("weight"))
                    .getArray()
                    .toFloatArray();
            assertThat(y.getShape()).isEqualTo(new Shape(1, 2, 2));
            assertThat(y.toFloatArray()).containsExactly(table[4], table[5], table[0], table[1]);
        }
    }

    @Test
    void attentionProductsAreCounted() {
        // Linear maps 3 C^2 and C^2 per token; scores and weighted sums N C each per token, or C D for
        // cross-covariance.
        long linear = 5 * (3 * 64 + 64);
        assertThat(Cost.of(new Attention(8, 2), new Shape(1, 5, 8)).macs()).isEqualTo(linear + 2 * 5 * 5 * 8);
        assertThat(Cost.of(new CrossCovarianceAttention(8, 8, 2), new Shape(1, 5, 8))
                        .macs())
                .isEqualTo(linear + 2 * 5 * 8 * 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void headsThatDoNotDivideTheWidthAreRefused(int heads) {
        assertThatThrownBy(() -> new Attention(8, heads))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(heads + " does not divide 8");
        assertThatThrownBy(() -> new CrossCovarianceAttention(8, 8, heads))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(heads + " does not divide 8");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void ratesOutOfRangeAreRefused(double rate) {
        assertThatThrownBy(() -> new Dropout(rate)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DropPath(rate)).isInstanceOf(IllegalArgumentException.class);
    }
}

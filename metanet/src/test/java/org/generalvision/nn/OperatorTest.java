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
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operator against its definition in plain loops, values and gradients, in float64. */
class OperatorTest {
    private static final Shape MAP = new Shape(2, 3, 7, 5);
    private static final Shape MATRIX = new Shape(4, 5);
    private static final long[] LABELS = {2, 0, 4, 2};

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = Engine.getEngine("PyTorch").newBaseManager();
        manager.getEngine().setRandomSeed(7);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({
        "elementwise",
        "maps",
        "reductions",
        "losses",
        "products",
        "org.generalvision.nn.TokenCases#tokens",
        "org.generalvision.nn.TokenCases#windows"
    })
    void valuesAreThoseOfTheDefinition(OperatorCase c) {
        List<NDArray> variables = c.variables(manager);
        Plain expected = c.definition().apply(variables.stream().map(Plain::of).toList());
        Plain actual = Plain.of(c.operator().apply(variables));
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.values()).containsExactly(expected.values(), within(1e-12));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({
        "elementwise",
        "maps",
        "reductions",
        "losses",
        "products",
        "org.generalvision.nn.TokenCases#tokens",
        "org.generalvision.nn.TokenCases#windows"
    })
    void gradientsAreThoseOfCentralDifferences(OperatorCase c) {
        List<NDArray> variables = c.variables(manager);
        GradientCheck.of(manager, variables, () -> c.operator().apply(variables));
    }

    static Stream<OperatorCase> elementwise() {
        return Stream.of(
                OperatorCase.elementwise("relu", Ops::relu, x -> Math.max(x, 0)),
                OperatorCase.elementwise("relu in place", x -> Ops.reluInPlace(x.mul(2)), x -> Math.max(2 * x, 0)),
                OperatorCase.elementwise("sigmoid", Ops::sigmoid, Definitions::sigmoid),
                OperatorCase.elementwise("silu", Ops::silu, x -> x * Definitions.sigmoid(x)),
                OperatorCase.elementwise("quick gelu", Ops::quickGelu, x -> x * Definitions.sigmoid(1.702 * x)),
                OperatorCase.elementwise("gelu", Ops::gelu, Definitions::gelu),
                OperatorCase.elementwise(
                        "hard sigmoid", x -> Ops.hardSigmoid(x.mul(4)), x -> Definitions.hardSigmoid(4 * x)));
    }

    static Stream<OperatorCase> maps() {
        return Stream.of(
                mapCase("max pool, stride 2", x -> Ops.maxPool2d(x, 3, 2, 1), x -> Definitions.maxPool3(x, 2)),
                mapCase("max pool, stride 1", x -> Ops.maxPool2d(x, 3, 1, 1), x -> Definitions.maxPool3(x, 1)),
                mapCase("average pool", x -> Ops.avgPool2d(x, 2, 2), x -> Definitions.averagePool(x, 2)),
                mapCase("adaptive pool", x -> Ops.adaptiveAvgPool2d(x, 3, 4), x -> Definitions.adaptivePool(x, 3, 4)),
                mapCase("global pool", Ops::globalAvgPool, OperatorTest::globalPool),
                mapCase("bilinear resize", x -> Ops.resizeBilinear(x, 4, 9), x -> bilinear(x, 4, 9)),
                mapCase("nearest resize", x -> Ops.resizeNearest(x, 4, 9), x -> nearest(x, 4, 9)),
                mapCase("bicubic resize", x -> Ops.resizeBicubic(x, 4, 9), x -> bicubic(x, 4, 9)),
                mapCase("map as tokens", Ops::tokens, Definitions::tokens),
                OperatorCase.of(
                        "tokens as map", new Shape(2, 6, 3), x -> Ops.map(x, 2, 3), x -> Definitions.map(x, 2, 3)),
                OperatorCase.of(
                        "resized places",
                        new Shape(10, 4),
                        x -> Ops.resizePlaces(x, x, 3, 5, 2),
                        OperatorTest::resizedPlaces));
    }

    private static OperatorCase mapCase(
            String name, Function<NDArray, NDArray> operator, Function<Plain, Plain> definition) {
        return OperatorCase.of(name, MAP, operator, definition);
    }

    private static Plain globalPool(Plain x) {
        return new Plain(new long[] {2, 3}, Definitions.adaptivePool(x, 1, 1).values());
    }

    private static Plain nearest(Plain x, int height, int width) {
        return Plain.filled(
                i -> x.at(i[0], i[1], i[2] * x.size(2) / height, i[3] * x.size(3) / width),
                x.size(0),
                x.size(1),
                height,
                width);
    }

    private static Plain bilinear(Plain x, int h, int w) {
        return Definitions.resize(x, h, w, 1, t -> 1 - t);
    }

    private static Plain bicubic(Plain x, int h, int w) {
        return Definitions.resize(x, h, w, 2, Definitions::cubic);
    }

    private static Plain resizedPlaces(Plain x) {
        Plain grid = Plain.filled(i -> x.at(1 + 3 * i[2] + i[3], i[1]), 1, 4, 3, 3);
        Plain resized = bicubic(grid, 5, 2);
        return Plain.filled(i -> i[0] == 0 ? x.at(i) : resized.at(0, i[1], (i[0] - 1) / 2, (i[0] - 1) % 2), 11, 4);
    }

    static Stream<OperatorCase> reductions() {
        return Stream.of(
                OperatorCase.of("softmax", MATRIX, x -> Ops.softmax(x, 1), OperatorTest::softmax),
                OperatorCase.of(
                        "log softmax",
                        MATRIX,
                        x -> Ops.logSoftmax(x, 1),
                        x -> softmax(x).map(Math::log)),
                OperatorCase.of("log-sum-exp", MATRIX, x -> Ops.logSumExp(x, 0), OperatorTest::logSumExp),
                OperatorCase.of("normalize", MATRIX, x -> Ops.normalize(x, 1), OperatorTest::normalize),
                OperatorCase.of(
                        "embedding",
                        MATRIX,
                        x -> Ops.embedding(x.getManager().create(new long[] {3, 1, 1}), x),
                        x -> Plain.filled(i -> x.at(i[0] == 0 ? 3 : 1, i[1]), 3, 5)),
                OperatorCase.of(
                        "gather",
                        MATRIX,
                        x -> Ops.gather(x, 1, x.getManager().create(LABELS, new Shape(4, 1))),
                        x -> Plain.filled(i -> x.at(i[0], (int) LABELS[i[0]]), 4, 1)),
                OperatorCase.of(
                        "one token of each",
                        new Shape(4, 5, 3),
                        x -> Ops.takeTokens(x, x.getManager().create(LABELS)),
                        x -> Plain.filled(i -> x.at(i[0], (int) LABELS[i[0]], i[1]), 4, 3)),
                OperatorCase.of(
                        "first token",
                        new Shape(2, 6, 3),
                        Ops::firstToken,
                        x -> Plain.filled(i -> x.at(i[0], 0, i[2]), 2, 1, 3)));
    }

    private static double[][] rows(Plain x) {
        double[][] rows = new double[x.size(0)][x.size(1)];
        Plain.filled(i -> rows[i[0]][i[1]] = x.at(i), x.shape());
        return rows;
    }

    private static Plain softmax(Plain x) {
        double[][] weights = Definitions.softmax(rows(x));
        return Plain.filled(i -> weights[i[0]][i[1]], x.shape());
    }

    private static Plain logSumExp(Plain x) {
        double[] sums = new double[x.size(1)];
        Plain.filled(i -> sums[i[1]] += Math.exp(x.at(i)), x.shape());
        return Plain.filled(i -> Math.log(sums[i[0]]), x.size(1));
    }

    private static Plain normalize(Plain x) {
        double[] squares = new double[x.size(0)];
        Plain.filled(i -> squares[i[0]] += x.at(i) * x.at(i), x.shape());
        return Plain.filled(i -> x.at(i) / Math.sqrt(squares[i[0]]), x.shape());
    }

    static Stream<OperatorCase> losses() {
        return Stream.of(
                OperatorCase.of(
                        "cross entropy",
                        MATRIX,
                        x -> Ops.crossEntropy(x, x.getManager().create(LABELS)),
                        x -> crossEntropy(x, -1, 0)),
                OperatorCase.of(
                        "cross entropy with ignored labels and smoothing",
                        MATRIX,
                        x -> Ops.crossEntropy(x, x.getManager().create(LABELS), 2, 0.1),
                        x -> crossEntropy(x, 2, 0.1)),
                new OperatorCase(
                        "soft cross entropy",
                        List.of(MATRIX, MATRIX),
                        x -> Ops.softCrossEntropy(x.get(0), x.get(1)),
                        x -> softCrossEntropy(x.get(0), x.get(1))));
    }

    private static Plain crossEntropy(Plain x, long ignored, double smoothing) {
        double[][] weights = Definitions.softmax(rows(x));
        double sum = 0;
        int counted = 0;
        for (int i = 0; i < LABELS.length; i++) {
            if (LABELS[i] != ignored) {
                counted++;
                for (int j = 0; j < 5; j++) {
                    double target = smoothing / 5 + (LABELS[i] == j ? 1 - smoothing : 0);
                    sum -= target * Math.log(weights[i][j]);
                }
            }
        }
        return Plain.scalar(sum / counted);
    }

    private static Plain softCrossEntropy(Plain x, Plain targets) {
        double[][] weights = Definitions.softmax(rows(x));
        double sum = 0;
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 5; j++) {
                sum -= targets.at(i, j) * Math.log(weights[i][j]) / 4;
            }
        }
        return Plain.scalar(sum);
    }

    static Stream<OperatorCase> products() {
        Shape qkv = new Shape(2, 5, 24);
        return Stream.of(
                OperatorCase.of(
                        "self-attention",
                        qkv,
                        x -> Ops.selfAttention(x, 2, false),
                        x -> Definitions.selfAttention(x, 2, Definitions.Mask.NONE)),
                OperatorCase.of(
                        "causal self-attention",
                        qkv,
                        x -> Ops.selfAttention(x, 2, true),
                        x -> Definitions.selfAttention(x, 2, Definitions.Mask.CAUSAL)),
                OperatorCase.of(
                        "masked self-attention",
                        qkv,
                        x -> Ops.selfAttention(x, 2, distances(x.getManager())),
                        x -> Definitions.selfAttention(x, 2, (i, j) -> -Math.abs(i - j))),
                OperatorCase.of(
                        "attention of separate arrays",
                        qkv,
                        x -> separate(x, false),
                        x -> Definitions.selfAttention(x, 2, Definitions.Mask.NONE)),
                OperatorCase.of(
                        "masked attention of separate arrays",
                        qkv,
                        x -> separate(x, true),
                        x -> Definitions.selfAttention(x, 2, (i, j) -> -Math.abs(i - j))),
                new OperatorCase(
                        "cross-covariance",
                        List.of(qkv, new Shape(2, 1, 1)),
                        x -> Ops.crossCovariance(x.get(0), x.get(1), 2),
                        x -> Definitions.crossCovariance(x.get(0), x.get(1), 2)),
                new OperatorCase(
                        "matrix product",
                        List.of(new Shape(4, 5), new Shape(5, 3)),
                        x -> Ops.matMul(x.get(0), x.get(1), Pass.evaluation()),
                        x -> matMul(x.get(0), x.get(1))));
    }

    private static NDArray distances(NDManager manager) {
        double[] mask = new double[25];
        for (int i = 0; i < 25; i++) {
            mask[i] = -Math.abs(i / 5 - i % 5);
        }
        return manager.create(mask, new Shape(1, 1, 5, 5));
    }

    private static NDArray separate(NDArray x, boolean masked) {
        NDArray parts = x.reshape(2, 5, 3, 2, 4).transpose(2, 0, 3, 1, 4);
        NDArray mask = masked ? distances(x.getManager()) : null;
        NDArray y = Ops.attention(parts.get(0), parts.get(1), parts.get(2), mask, Pass.evaluation());
        return y.transpose(0, 2, 1, 3).reshape(2, 5, 8);
    }

    private static Plain matMul(Plain x, Plain y) {
        return Plain.filled(
                i -> {
                    double sum = 0;
                    for (int k = 0; k < x.size(1); k++) {
                        sum += x.at(i[0], k) * y.at(k, i[1]);
                    }
                    return sum;
                },
                x.size(0),
                y.size(1));
    }

    @Test
    void theNormOfZeroIsNotDividedBy() {
        NDArray x = manager.zeros(new Shape(2, 3), DataType.FLOAT64);
        assertThat(Ops.normalize(x, 1).toDoubleArray()).containsOnly(0);
    }

    @Test
    void argMaxFindsThePlaceOfTheLargest() {
        NDArray x = manager.create(new float[] {1, 5, 2, 9, 0, 3}, new Shape(2, 3));
        assertThat(Ops.argMax(x, 1).toLongArray()).containsExactly(1, 0);
    }

    @Test
    void allFiniteSeesNanAndInfinity() {
        assertThat(Ops.allFinite(manager.create(new float[] {1, -2}))).isTrue();
        assertThat(Ops.allFinite(manager.create(new float[] {1, Float.NaN}))).isFalse();
        assertThat(Ops.allFinite(manager.create(new float[] {Float.NEGATIVE_INFINITY, 1})))
                .isFalse();
    }

    @Test
    void sumsOfBfloat16AreTakenInFloat32() {
        NDArray x = manager.randomNormal(new Shape(4, 5));
        NDArray rounded = Ops.toBfloat16(x);
        NDArray labels = manager.create(LABELS);
        float loss = Ops.crossEntropy(rounded, labels).getFloat();
        assertThat(loss)
                .isEqualTo(Ops.crossEntropy(Ops.toFloat32(rounded), labels).getFloat());
        assertThat(Ops.softmax(rounded, 1).getDataType()).isEqualTo(DataType.FLOAT32);
        assertThat(Ops.normalize(rounded, 1).getDataType()).isEqualTo(DataType.FLOAT32);
    }

    @Test
    void smoothingBeyondOneIsRefused() {
        NDArray x = manager.ones(new Shape(4, 5));
        assertThatThrownBy(() -> Ops.crossEntropy(x, manager.create(LABELS), -1, 1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1.5");
    }
}

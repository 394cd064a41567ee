package org.generalvision.upstream.amateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.generalvision.data.load.Batch;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SimSiam and masked language modelling against their definitions in plain loops. */
class SelfSupervisionTest {
    private static final int BATCH = 5;
    private static final int IN = 4;
    private static final Pass TRAINING = Pass.training(Precision.FLOAT32);

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private void initialize(Layer layer) {
        layer.initialize(manager, DataType.FLOAT64);
        layer.parameters().forEach((path, parameter) -> {
            if (!Layer.isBuffer(parameter)) {
                parameter.getArray().setRequiresGradient(false);
                NDArray start =
                        Gradients.normal(manager, path, parameter.getShape().getShape());
                start.mul(0.5).add(path.contains("norm") ? 1 : 0).copyTo(parameter.getArray());
            }
        });
    }

    /** A matrix of doubles in plain loops. */
    private static double[][] rows(NDArray array) {
        int width = (int) array.getShape().get(1);
        double[] flat = array.toDoubleArray();
        double[][] rows = new double[flat.length / width][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
        }
        return rows;
    }

    private static NDArray get(Layer layer, String path) {
        Parameter parameter = Objects.requireNonNull(layer.parameters().get(path), path);
        return parameter.getArray();
    }

    private static double[][] linear(double[][] x, Layer layer, String path) {
        double[][] weight = rows(get(layer, path + ".weight"));
        double[] bias = get(layer, path + ".bias").toDoubleArray();
        double[][] y = new double[x.length][weight.length];
        for (int i = 0; i < x.length; i++) {
            for (int o = 0; o < weight.length; o++) {
                y[i][o] = bias[o];
                for (int k = 0; k < weight[o].length; k++) {
                    y[i][o] += weight[o][k] * x[i][k];
                }
            }
        }
        return y;
    }

    /** Batch norm with the batch's statistics, then ReLU if asked for. */
    private static double[][] norm(double[][] x, Layer layer, String path, boolean relu) {
        double[] weight = get(layer, path + ".weight").toDoubleArray();
        double[] bias = get(layer, path + ".bias").toDoubleArray();
        double[][] y = new double[x.length][weight.length];
        for (int c = 0; c < weight.length; c++) {
            double mean = 0;
            double square = 0;
            for (double[] row : x) {
                mean += row[c] / x.length;
            }
            for (double[] row : x) {
                square += (row[c] - mean) * (row[c] - mean) / x.length;
            }
            for (int i = 0; i < x.length; i++) {
                double value = (x[i][c] - mean) / Math.sqrt(square + 1e-5) * weight[c] + bias[c];
                y[i][c] = relu ? Math.max(0, value) : value;
            }
        }
        return y;
    }

    private static double[][] project(SimSiam heads, double[][] x) {
        double[][] h = norm(linear(x, heads, "projector.linear1"), heads, "projector.norm1", true);
        h = norm(linear(h, heads, "projector.linear2"), heads, "projector.norm2", true);
        return norm(linear(h, heads, "projector.linear3"), heads, "projector.norm3", false);
    }

    private static double[][] predict(SimSiam heads, double[][] z) {
        double[][] h = norm(linear(z, heads, "predictor.linear1"), heads, "predictor.norm1", true);
        return linear(h, heads, "predictor.linear2");
    }

    private static double meanCosine(double[][] a, double[][] b) {
        double total = 0;
        for (int i = 0; i < a.length; i++) {
            double dot = 0;
            double aa = 0;
            double bb = 0;
            for (int c = 0; c < a[i].length; c++) {
                dot += a[i][c] * b[i][c];
                aa += a[i][c] * a[i][c];
                bb += b[i][c] * b[i][c];
            }
            total += dot / Math.sqrt(aa * bb);
        }
        return total / a.length;
    }

    @Test
    void simSiamIsMinusTheMeanCosineBetweenPredictionAndOtherView() {
        SimSiam heads = new SimSiam(IN, new SimSiam.Config(6, 3));
        initialize(heads);
        NDArray features1 = Gradients.normal(manager, "view 1", BATCH, IN);
        NDArray features2 = Gradients.normal(manager, "view 2", BATCH, IN);
        double[][] z1 = project(heads, rows(features1));
        double[][] z2 = project(heads, rows(features2));
        double expected = -0.5 * (meanCosine(predict(heads, z1), z2) + meanCosine(predict(heads, z2), z1));
        assertThat(Gradients.scalar(heads.loss(features1, features2, TRAINING))).isCloseTo(expected, within(1e-12));
    }

    @Test
    void noGradientReachesThePredictedSideOfSimSiam() {
        SimSiam heads = new SimSiam(IN, new SimSiam.Config(6, 3));
        initialize(heads);
        NDArray features1 = Gradients.normal(manager, "view 1", BATCH, IN);
        NDArray features2 = Gradients.normal(manager, "view 2", BATCH, IN);
        double[][] z1 = project(heads, rows(features1));
        double[][] z2 = project(heads, rows(features2));
        Gradients.check(
                List.of(features1, features2), arrays -> heads.loss(arrays.get(0), arrays.get(1), TRAINING), arrays -> {
                    double[][] p1 = predict(heads, project(heads, rows(arrays.get(0))));
                    double[][] p2 = predict(heads, project(heads, rows(arrays.get(1))));
                    return manager.create(-0.5 * (meanCosine(p1, z2) + meanCosine(p2, z1)));
                });
    }

    @Test
    void simSiamNeedsMoreThanOneSample() {
        SimSiam heads = new SimSiam(IN, new SimSiam.Config(6, 3));
        initialize(heads);
        NDArray one = Gradients.normal(manager, "one", 1, IN);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> heads.loss(one, one, TRAINING))
                .withMessageContaining("at least 2 samples");
    }

    @Test
    void maskedLanguageModellingIsTheCrossEntropyAtHiddenPlacesAlone() {
        int context = 3;
        int vocabulary = 7;
        MaskedLanguageModel model = new MaskedLanguageModel(IN, vocabulary);
        initialize(model);
        NDArray states = Gradients.normal(manager, "states", BATCH, context, IN);
        long[] places = {1, 5, 14};
        long[] targets = {6, 0, 3};
        MaskedTexts texts = new MaskedTexts(
                manager.zeros(new Shape(BATCH, context), DataType.INT64),
                manager.create(places),
                manager.create(targets));
        double[][] scores = linear(rows(states.reshape(-1, IN)), model, "head");
        double expected = 0;
        for (int m = 0; m < places.length; m++) {
            double[] row = scores[(int) places[m]];
            expected += (Math.log(Arrays.stream(row).map(Math::exp).sum()) - row[(int) targets[m]]) / places.length;
        }
        assertThat(Gradients.scalar(model.loss(states, texts, TRAINING))).isCloseTo(expected, within(1e-12));
        Gradients.check(
                List.of(states, get(model, "head.weight"), get(model, "head.bias")),
                arrays -> headMoved(model, arrays, texts));
    }

    /** The loss with the head's parameters replaced by the given ones, where they are not the head's own. */
    private NDArray headMoved(MaskedLanguageModel model, List<NDArray> arrays, MaskedTexts texts) {
        List<NDArray> own = List.of(get(model, "head.weight"), get(model, "head.bias"));
        List<NDArray> before = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            before.add(own.get(i).duplicate());
            if (own.get(i) != arrays.get(i + 1)) {
                arrays.get(i + 1).copyTo(own.get(i));
            }
        }
        NDArray loss = model.loss(arrays.get(0), texts, TRAINING);
        for (int i = 0; i < own.size(); i++) {
            if (own.get(i) != arrays.get(i + 1)) {
                before.get(i).copyTo(own.get(i));
            }
        }
        return loss;
    }

    @Test
    void withNothingHiddenTheLossIsZeroAndSoIsEveryGradient() {
        MaskedLanguageModel model = new MaskedLanguageModel(IN, 7);
        initialize(model);
        NDArray states = Gradients.normal(manager, "states", BATCH, 3, IN);
        MaskedTexts none = new MaskedTexts(
                manager.zeros(new Shape(BATCH, 3), DataType.INT64),
                manager.create(new long[0]),
                manager.create(new long[0]));
        assertThat(Gradients.scalar(model.loss(states, none, TRAINING))).isZero();
        List<NDArray> gradients = Gradients.of(
                List.of(states, get(model, "head.weight"), get(model, "head.bias")),
                () -> model.loss(states, none, TRAINING));
        assertThat(gradients)
                .allSatisfy(g -> assertThat(g.abs().sum().getDouble()).isZero());
    }

    @Test
    void theHiddenTokensOfASampleDependOnSeedEpochAndSampleAlone() {
        try (Tokenizer tokenizer = Captions.tokenizer()) {
            long[] cat = tokenizer.encode("black cat white dog brown bear", 12);
            long[] sun = tokenizer.encode("yellow sun blue fish red car", 12);
            TokenMasking half = new TokenMasking(0.5, 1, 0);
            long[] together = masked(half, tokenizer, 0, List.of(3L, 8L), cat, sun);
            assertThat(Arrays.copyOf(together, 12)).isEqualTo(masked(half, tokenizer, 0, List.of(3L), cat));
            assertThat(Arrays.copyOfRange(together, 12, 24)).isEqualTo(masked(half, tokenizer, 0, List.of(8L), sun));
            assertThat(masked(half, tokenizer, 1, List.of(3L), cat))
                    .isNotEqualTo(masked(half, tokenizer, 0, List.of(3L), cat));
        }
    }

    @Test
    void placesAndTargetsSayWhatIsHidden() {
        try (Tokenizer tokenizer = Captions.tokenizer()) {
            long[] cat = tokenizer.encode("black cat white dog brown bear", 12);
            Batch batch = batch(0, List.of(3L, 4L), cat, cat);
            MaskedTexts texts = MaskedTexts.of(batch, new TokenMasking(0.5, 1, 0), tokenizer, 5);
            long[] tokens = texts.tokens_BL().toLongArray();
            long[] places = texts.places_M().toLongArray();
            long[] targets = texts.targets_M().toLongArray();
            assertThat(places).isNotEmpty();
            for (int m = 0; m < places.length; m++) {
                assertThat(tokens[(int) places[m]]).isEqualTo(tokenizer.maskId());
                tokens[(int) places[m]] = targets[m];
            }
            assertThat(tokens).isEqualTo(batch.get("text").toLongArray());
        }
    }

    private long[] masked(TokenMasking masking, Tokenizer tokenizer, long epoch, List<Long> ids, long[]... texts) {
        return MaskedTexts.of(batch(epoch, ids, texts), masking, tokenizer, 5)
                .tokens_BL()
                .toLongArray();
    }

    private Batch batch(long epoch, List<Long> ids, long[]... texts) {
        long[] flat = Arrays.stream(texts).flatMapToLong(Arrays::stream).toArray();
        return new Batch(0, epoch, ids, Map.of("text", manager.create(flat, new Shape(texts.length, texts[0].length))));
    }
}

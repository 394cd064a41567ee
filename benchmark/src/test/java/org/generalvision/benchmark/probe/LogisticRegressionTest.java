package org.generalvision.benchmark.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableLongArray;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.generalvision.weights.SafetensorsFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogisticRegressionTest {
    private NDManager manager = NDManager.newBaseManager();

    @BeforeEach
    void open() {
        manager.close();
        manager = NDManager.newBaseManager();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** The objective and its gradient by their definition, in plain loops over features as they are. */
    private static double objective(LabelledFeatures data, double c, double[] parameters, double[] gradient) {
        int width = data.width();
        int classes = parameters.length / (width + 1);
        float[] x = data.features().toFloatArray();
        double value = 0;
        java.util.Arrays.fill(gradient, 0);
        for (int i = 0; i < data.size(); i++) {
            double[] p = new double[classes];
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                double logit = parameters[width * classes + k];
                for (int d = 0; d < width; d++) {
                    logit += x[i * width + d] * parameters[d * classes + k];
                }
                p[k] = Math.exp(logit);
                sum += p[k];
            }
            int label = (int) data.labels().get(i);
            value -= c * Math.log(p[label] / sum);
            for (int k = 0; k < classes; k++) {
                double residual = p[k] / sum - (k == label ? 1 : 0);
                for (int d = 0; d < width; d++) {
                    gradient[d * classes + k] += c * residual * x[i * width + d];
                }
                gradient[width * classes + k] += c * residual;
            }
        }
        for (int j = 0; j < width * classes; j++) {
            value += 0.5 * parameters[j] * parameters[j];
            gradient[j] += parameters[j];
        }
        return value;
    }

    private static double norm(double[] x) {
        return Math.sqrt(Lbfgs.dot(x, x));
    }

    @ParameterizedTest(name = "{0} rows, {1} features, {2} classes, C = {3}")
    @CsvSource({"60, 4, 3, 1", "200, 5, 2, 0.01", "40, 30, 4, 10", "15, 40, 5, 1", "30, 1, 3, 1", "7, 3, 7, 100"})
    void theGradientOfTheDefinitionVanishesAtTheSolution(int rows, int width, int classes, double c) {
        LabelledFeatures train = Samples.random(manager, rows, width, classes, rows + width);
        LogisticRegression model = LogisticRegression.fit(train, c);
        double[] gradient = new double[model.parameters().length()];
        double value = objective(train, c, model.parameters().toArray(), gradient);
        assertThat(model.converged()).isTrue();
        assertThat(model.objective()).isCloseTo(value, within(1e-10 * value));
        // Strong convexity turns this into an objective within 1e-8 of its minimum, relatively.
        assertThat(norm(gradient)).isLessThan(Math.sqrt(2e-8 * value) * 4);
    }

    @Test
    void noOtherPointIsLower() {
        LabelledFeatures train = Samples.random(manager, 50, 6, 3, 5);
        LogisticRegression model = LogisticRegression.fit(train, 2);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        double[] scratch = new double[model.parameters().length()];
        for (double size : new double[] {1e-4, 1e-2, 1}) {
            for (int i = 0; i < 20; i++) {
                double[] other = model.parameters().toArray();
                for (int j = 0; j < other.length; j++) {
                    other[j] += size * random.nextGaussian();
                }
                assertThat(objective(train, 2, other, scratch)).isGreaterThan(model.objective());
            }
        }
    }

    @ParameterizedTest(name = "case {0}")
    @ValueSource(ints = {0, 1, 2})
    void agreesWithAnIndependentSolver(int which) throws URISyntaxException {
        Path golden = Path.of(Objects.requireNonNull(getClass().getResource("/golden/logistic_regression.safetensors"))
                .toURI());
        try (SafetensorsFile file = SafetensorsFile.open(golden)) {
            LabelledFeatures train = features(file, "train");
            LabelledFeatures test = features(file, "test");
            LogisticRegression model =
                    LogisticRegression.fit(train, file.read("c", manager).getDouble(which));
            double objective = file.read("objective", manager).getDouble(which);
            assertThat(model.objective()).isCloseTo(objective, within(1e-8 * objective));
            ProbeScores scores = ProbeScores.of(model.predict(test));
            assertThat(scores.logLoss()).isCloseTo(file.read("logLoss", manager).getDouble(which), within(1e-4));
            assertThat(scores.accuracy())
                    .isCloseTo(file.read("accuracy", manager).getDouble(which), within(1e-12));
        }
    }

    private LabelledFeatures features(SafetensorsFile file, String name) {
        NDArray labels = file.read(name + ".labels", manager);
        return new LabelledFeatures(
                file.read(name + ".features", manager), ImmutableLongArray.copyOf(labels.toLongArray()));
    }

    @Test
    void aWarmStartEndsAtTheSameMinimum() {
        LabelledFeatures train = Samples.random(manager, 80, 10, 4, 9);
        try (TrainingFeatures prepared = TrainingFeatures.of(train)) {
            LogisticRegression cold = prepared.fit(3);
            LogisticRegression warm = prepared.fit(3, prepared.fit(1));
            assertThat(warm.objective()).isCloseTo(cold.objective(), within(2e-9 * cold.objective()));
            LogisticRegression again = prepared.fit(3, cold);
            assertThat(again.iterations()).isZero();
        }
    }

    @Test
    void shiftedFeaturesGiveTheSamePredictions() {
        LabelledFeatures train = Samples.random(manager, 60, 5, 3, 2);
        LabelledFeatures shifted = new LabelledFeatures(train.features().add(64f), train.labels());
        LogisticRegression one = LogisticRegression.fit(train, 1);
        LogisticRegression other = LogisticRegression.fit(shifted, 1);
        assertThat(other.objective()).isCloseTo(one.objective(), within(1e-5 * one.objective()));
        assertThat(ProbeScores.of(other.predict(shifted)).logLoss())
                .isCloseTo(ProbeScores.of(one.predict(train)).logLoss(), within(1e-5));
    }

    @Test
    void classNumbersMayHaveGaps() {
        LabelledFeatures train = Samples.random(manager, 30, 4, 3, 3);
        ImmutableLongArray spread = ImmutableLongArray.copyOf(
                train.labels().stream().map(label -> label * label * 1000 + 7).toArray());
        LabelledFeatures renamed = new LabelledFeatures(train.features(), spread);
        LogisticRegression model = LogisticRegression.fit(renamed, 1);
        assertThat(model.classes().toArray()).containsExactly(7, 1007, 4007);
        assertThat(model.objective()).isEqualTo(LogisticRegression.fit(train, 1).objective());
    }

    @Test
    void constantFeaturesLeaveTheClassFrequencies() {
        LabelledFeatures train = new LabelledFeatures(manager.ones(new Shape(4, 3)), ImmutableLongArray.of(0, 0, 0, 1));
        LogisticRegression model = LogisticRegression.fit(train, 1);
        double entropy = -(3 * Math.log(0.75) + Math.log(0.25));
        assertThat(model.objective()).isCloseTo(entropy, within(1e-8));
    }

    @Test
    void refusesATestLabelThatTrainingHasNotSeen() {
        LabelledFeatures train = Samples.random(manager, 30, 4, 3, 3);
        LabelledFeatures test = Samples.random(manager, 30, 4, 5, 3);
        LogisticRegression model = LogisticRegression.fit(train, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.predict(test))
                .withMessageContaining("label 3 (row 3)")
                .withMessageContaining("training");
    }

    @Test
    void refusesOneClassAlone() {
        LabelledFeatures train = new LabelledFeatures(manager.ones(new Shape(2, 2)), ImmutableLongArray.of(4, 4));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogisticRegression.fit(train, 1))
                .withMessageContaining("label 4")
                .withMessageContaining("two classes");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesWeightsThatAreNotPositive(double c) {
        LabelledFeatures train = Samples.random(manager, 10, 2, 2, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogisticRegression.fit(train, c))
                .withMessageContaining("C must be positive");
    }
}

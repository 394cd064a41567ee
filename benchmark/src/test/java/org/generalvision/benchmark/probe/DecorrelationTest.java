package org.generalvision.benchmark.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DecorrelationTest {
    private static final int ALL = 100;

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** Mean over the rows of the product of two columns, each without its mean, by the definition. */
    private static double covariance(LabelledFeatures x, int a, int b) {
        float[] values = x.features().toFloatArray();
        int width = x.width();
        double meanA = 0;
        double meanB = 0;
        for (int i = 0; i < x.size(); i++) {
            meanA += values[i * width + a] / (double) x.size();
            meanB += values[i * width + b] / (double) x.size();
        }
        double sum = 0;
        for (int i = 0; i < x.size(); i++) {
            sum += (values[i * width + a] - meanA) * (values[i * width + b] - meanB);
        }
        return sum / x.size();
    }

    private LabelledFeatures withColumn(LabelledFeatures x, float factor, float shift) {
        NDArray more = x.features().get(":, 0:1").mul(factor).add(shift);
        return new LabelledFeatures(x.features().concat(more, 1), x.labels());
    }

    @Test
    void turnedColumnsAreUncorrelatedAndKeepTheSpread() {
        LabelledFeatures pool = Samples.random(manager, 200, 5, 3, 1);
        LabelledFeatures turned = Decorrelation.of(pool, ALL, manager).turn(pool, manager);
        double before = 0;
        double after = 0;
        for (int a = 0; a < 5; a++) {
            before += covariance(pool, a, a);
            after += covariance(turned, a, a);
            for (int b = 0; b < a; b++) {
                assertThat(covariance(turned, a, b)).isCloseTo(0, within(1e-6));
            }
        }
        assertThat(after).isCloseTo(before, within(1e-5 * before));
    }

    @Test
    void aColumnThatSaysNothingNewOrNothingAtAllGivesNoAxis() {
        LabelledFeatures pool = Samples.random(manager, 200, 5, 3, 2);
        assertThat(Decorrelation.of(withColumn(pool, 2, 1), ALL, manager).width())
                .isEqualTo(5);
        assertThat(Decorrelation.ofStandardized(withColumn(pool, 0, 7), ALL, manager)
                        .width())
                .isEqualTo(5);
    }

    @Test
    void aLimitKeepsTheWidestAxes() {
        LabelledFeatures pool = Samples.random(manager, 200, 8, 3, 6);
        LabelledFeatures all = Decorrelation.of(pool, ALL, manager).turn(pool, manager);
        LabelledFeatures three = Decorrelation.of(pool, 3, manager).turn(pool, manager);
        assertThat(three.width()).isEqualTo(3);
        for (int a = 0; a < 3; a++) {
            double kept = covariance(three, a, a);
            assertThat(kept).isCloseTo(covariance(all, 5 + a, 5 + a), within(1e-5 * kept));
            assertThat(kept).isGreaterThan(covariance(all, 4, 4));
        }
    }

    @Test
    void aShareIsFittedInTurnedColumnsAsInItsOwn() {
        LabelledFeatures pool = Samples.random(manager, 300, 12, 3, 3);
        LabelledFeatures turned = Decorrelation.of(pool, ALL, manager).turn(pool, manager);
        int[] share = IntStream.range(0, 80).toArray();
        LogisticRegression own = LogisticRegression.fit(pool.rows(share, manager), 2);
        try (TrainingFeatures prepared = TrainingFeatures.of(
                turned.rows(share, manager), TrainingFeatures.Form.UNCORRELATED, DataType.FLOAT64)) {
            LogisticRegression other = prepared.fit(2);
            assertThat(other.objective()).isCloseTo(own.objective(), within(1e-5 * own.objective()));
            assertThat(ProbeScores.of(other.predict(turned)).logLoss())
                    .isCloseTo(ProbeScores.of(own.predict(pool)).logLoss(), within(1e-4));
        }
    }

    @Test
    void standardizedColumnsCountAlikeWhateverTheirScale() {
        LabelledFeatures pool = Samples.random(manager, 150, 6, 3, 4);
        NDArray factors = manager.create(new float[] {1, 1000, 0.001f, 5, 30, 0.2f}, new Shape(6));
        LabelledFeatures scaled = new LabelledFeatures(pool.features().mul(factors), pool.labels());
        LabelledFeatures turned =
                Decorrelation.ofStandardized(pool, ALL, manager).turn(pool, manager);
        LabelledFeatures turnedScaled =
                Decorrelation.ofStandardized(scaled, ALL, manager).turn(scaled, manager);
        double total = 0;
        for (int a = 0; a < 6; a++) {
            total += covariance(turned, a, a);
        }
        assertThat(total).isCloseTo(6, within(1e-4));
        double one = LogisticRegression.fit(turned, 1).objective();
        assertThat(LogisticRegression.fit(turnedScaled, 1).objective()).isCloseTo(one, within(1e-4 * one));
    }

    @Test
    void aRoughFitInFloat32IsNearTheExactOne() {
        LabelledFeatures train = Samples.random(manager, 400, 20, 4, 5);
        double exact = LogisticRegression.fit(train, 0.5).objective();
        try (TrainingFeatures prepared = TrainingFeatures.of(train, TrainingFeatures.Form.ANY, DataType.FLOAT32)) {
            double rough = prepared.fitRoughly(0.5, null, 1e-4).objective();
            assertThat(rough).isCloseTo(exact, within(1e-2 * exact));
        }
    }
}

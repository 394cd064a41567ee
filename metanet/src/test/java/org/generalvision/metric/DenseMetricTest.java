package org.generalvision.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.metric.AveragePrecision.Truth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DenseMetricTest {
    @Test
    void segmentationIsScoredOverThePixelsOfAllImages() {
        SegmentationScores.Counter counter = new SegmentationScores.Counter(4, 255);
        counter.add(new int[] {0, 0, 0, 1, 255}, new int[] {0, 0, 1, 1, 77});
        counter.add(new int[] {1, 1, 2}, new int[] {0, 1, 0});
        SegmentationScores scores = counter.scores();
        // Class 0: common 2, union 3 + 4 - 2 = 5. Class 1: common 2, union 3 + 3 - 2 = 4. Class 2: 0 of 1. Class 3:
        // nowhere.
        assertThat(scores.iouOfClass().asList()).containsExactly(2.0 / 5, 2.0 / 4, 0.0, Double.NaN);
        assertThat(scores.meanIou()).isCloseTo((0.4 + 0.5 + 0) / 3, within(1e-15));
        assertThat(scores.pixelAccuracy()).isCloseTo(4.0 / 7, within(1e-15));
        assertThat(scores.meanClassAccuracy()).isCloseTo((2.0 / 3 + 2.0 / 3 + 0) / 3, within(1e-15));
    }

    @Test
    void aClassThatIsOnlyPredictedCountsForIouAndNotForAccuracy() {
        SegmentationScores.Counter counter = new SegmentationScores.Counter(2, -1);
        counter.add(new int[] {0, 0}, new int[] {0, 1});
        assertThat(counter.scores().meanIou()).isEqualTo((0.5 + 0) / 2);
        assertThat(counter.scores().meanClassAccuracy()).isEqualTo(0.5);
    }

    @Test
    void imagesThatAreIgnoredAltogetherChangeNothing() {
        SegmentationScores.Counter counter = new SegmentationScores.Counter(2, 255);
        counter.add(new int[] {255, 255}, new int[] {0, 1});
        assertThat(counter.scores().meanIou()).isNaN();
        counter.add(new int[] {1}, new int[] {1});
        assertThat(counter.scores().meanIou()).isEqualTo(1);
    }

    @Test
    void pixelsThatCannotBeScoredAreRefusedWhole() {
        SegmentationScores.Counter counter = new SegmentationScores.Counter(2, 255);
        assertThatThrownBy(() -> counter.add(new int[2], new int[3])).hasMessageContaining("2 and 3");
        assertThatThrownBy(() -> counter.add(new int[] {0, 2}, new int[2])).hasMessageContaining("pixel 1 has 2");
        assertThatThrownBy(() -> counter.add(new int[2], new int[] {0, -1})).hasMessageContaining("predicted -1");
        assertThat(counter.matrix().samples(0)).isZero();
        assertThatThrownBy(() -> new SegmentationScores.Counter(2, 1)).hasMessageContaining("beyond them");
    }

    @Test
    void depthErrorsOfTwoPixels() {
        DepthErrors errors = DepthErrors.of(new double[] {2, 4}, new double[] {3, 4});
        double d = Math.log(1.5);
        assertThat(errors.absRel()).isCloseTo(0.25, within(1e-12));
        assertThat(errors.sqRel()).isCloseTo(0.25, within(1e-12));
        assertThat(errors.rmse()).isCloseTo(Math.sqrt(0.5), within(1e-12));
        assertThat(errors.rmseLog()).isCloseTo(d / Math.sqrt(2), within(1e-12));
        assertThat(errors.log10()).isCloseTo(Math.log10(1.5) / 2, within(1e-12));
        assertThat(errors.silog()).isCloseTo(100 * d / 2, within(1e-9));
        assertThat(errors.delta1()).isEqualTo(0.5); // 1.5 lies between 1.25 and 1.25^2
        assertThat(errors.delta2()).isEqualTo(1);
        assertThat(errors.figures()).hasSize(9).containsEntry("delta3", 1.0);
    }

    @Test
    void aCommonFactorCostsNoScaleInvariantError() {
        DepthErrors errors = DepthErrors.of(new double[] {1, 2, 7}, new double[] {3, 6, 21});
        assertThat(errors.silog()).isCloseTo(0, within(1e-5));
        assertThat(errors.absRel()).isCloseTo(2, within(1e-12));
    }

    @Test
    void onlyKnownDepthsWithinTheLimitsCountAndPredictionsAreBounded() {
        DepthProtocol protocol = new DepthProtocol(0.001, 10, DepthProtocol.Crop.NONE);
        float[] truths = {0, 2, 4, 20};
        DepthErrors errors =
                protocol.errors(truths, new float[] {5, 1000, -3, 1}, 2, 2).orElseThrow();
        DepthErrors expected = DepthErrors.of(new double[] {2, 4}, new double[] {10, 0.001});
        assertThat(errors).isEqualTo(expected);
        assertThat(protocol.errors(new float[4], new float[4], 2, 2)).isEmpty();
        assertThatThrownBy(() -> protocol.errors(truths, new float[] {0, 0, Float.NaN, 0}, 2, 2))
                .hasMessageContaining("(1, 0)");
        assertThatThrownBy(() -> protocol.errors(truths, new float[3], 2, 2)).hasMessageContaining("4 and 3");
    }

    @ParameterizedTest
    @EnumSource(DepthProtocol.Crop.class)
    void cropsAreThoseOfThePublishedEvaluation(DepthProtocol.Crop crop) {
        int[] rows = switch (crop) {
            case NONE -> new int[] {0, 480};
            case GARG -> new int[] {195, 476};
            case EIGEN -> new int[] {45, 471};
        };
        int[] columns = switch (crop) {
            case NONE -> new int[] {0, 640};
            case GARG -> new int[] {23, 616};
            case EIGEN -> new int[] {41, 601};
        };
        for (int row = 0; row < 480; row++) {
            for (int column = 0; column < 640; column++) {
                boolean inside = row >= rows[0] && row < rows[1] && column >= columns[0] && column < columns[1];
                assertThat(crop.holds(row, column, 480, 640)).isEqualTo(inside);
            }
        }
    }

    @Test
    void theMeanOfDepthErrorsIsOverImages() {
        DepthErrors one = DepthErrors.of(new double[] {1}, new double[] {2});
        DepthErrors three = DepthErrors.of(new double[] {1, 1, 1}, new double[] {1, 1, 1});
        assertThat(DepthErrors.mean(List.of(one, three)).rmse()).isEqualTo(0.5);
        assertThatThrownBy(() -> DepthErrors.mean(List.of())).hasMessageContaining("No image");
        assertThatThrownBy(() -> DepthErrors.of(new double[] {1}, new double[] {0}))
                .hasMessageContaining("positive");
        assertThatThrownBy(() -> new DepthProtocol(1, 1, DepthProtocol.Crop.NONE))
                .hasMessageContaining("near < far");
    }

    @Test
    void averagePrecisionLeavesUnknownLabelsOut() {
        float[][] scores = {{4, 0}, {3, 0}, {2, 0}, {1, 0}, {9, 0}};
        Truth[][] truths = {
            {Truth.PRESENT, Truth.ABSENT},
            {Truth.ABSENT, Truth.UNKNOWN},
            {Truth.PRESENT, Truth.ABSENT},
            {Truth.ABSENT, Truth.ABSENT},
            {Truth.UNKNOWN, Truth.ABSENT}
        };
        AveragePrecision precision = AveragePrecision.of(scores, truths);
        assertThat(precision.ofClass().get(0)).isCloseTo((1 + 2.0 / 3) / 2, within(1e-12));
        assertThat(precision.ofClass().get(1)).isNaN();
        assertThat(precision.mean()).isEqualTo(precision.ofClass().get(0));
    }

    @Test
    void equalScoresAreOnePointOfTheCurve() {
        float[][] scores = {{1}, {1}, {1}, {1}};
        for (int positive = 0; positive < 4; positive++) {
            Truth[][] truths = {{Truth.ABSENT}, {Truth.ABSENT}, {Truth.ABSENT}, {Truth.ABSENT}};
            truths[positive][0] = Truth.PRESENT;
            assertThat(AveragePrecision.of(scores, truths).mean()).isEqualTo(0.25);
        }
    }

    @Test
    void averagePrecisionIsTheMeanPrecisionAtThePositives() {
        RandomStream random = RandomStream.of(1, 2, 3, "precision");
        List<Truth> kinds = List.of(Truth.ABSENT, Truth.PRESENT, Truth.UNKNOWN);
        int n = 60;
        float[][] scores = IntStream.range(0, n)
                .mapToObj(i -> new float[] {random.nextFloat()})
                .toArray(float[][]::new);
        Truth[][] truths = IntStream.range(0, n)
                .mapToObj(i -> new Truth[] {kinds.get(random.nextInt(3))})
                .toArray(Truth[][]::new);
        double sum = 0;
        int positives = 0;
        for (int i = 0; i < n; i++) {
            if (truths[i][0] == Truth.PRESENT) {
                positives++;
                int above = 0;
                int right = 0;
                for (int j = 0; j < n; j++) {
                    boolean counts = truths[j][0] != Truth.UNKNOWN && scores[j][0] >= scores[i][0];
                    above += counts ? 1 : 0;
                    right += counts && truths[j][0] == Truth.PRESENT ? 1 : 0;
                }
                sum += (double) right / above;
            }
        }
        assertThat(AveragePrecision.of(scores, truths).mean()).isCloseTo(sum / positives, within(1e-12));
    }

    @Test
    void multiLabelScoresThatDoNotFitAreRefused() {
        Truth[][] one = {{Truth.PRESENT}};
        assertThatThrownBy(() -> AveragePrecision.of(new float[2][1], one)).hasMessageContaining("1 and 2");
        assertThatThrownBy(() -> AveragePrecision.of(new float[1][2], one)).hasMessageContaining("2 scores");
        assertThatThrownBy(() -> AveragePrecision.of(new float[][] {{Float.NaN}}, one))
                .hasMessageContaining("finite");
    }
}

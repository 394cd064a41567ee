package org.generalvision.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricTest {
    /** Class 0 three times (two right), class 1 once (wrong), class 2 twice (one right); class 3 never occurs. */
    private static final Predictions SIX = new Predictions(
            new float[] {
                9, 1, 1, 0, //
                5, 1, 2, 0, //
                1, 3, 2, 0, //
                2, 1, 0, 0, //
                0, 0, 1, 0, //
                0, 0, 0, 7
            },
            4,
            new int[] {0, 0, 0, 1, 2, 2});

    @Test
    void accuracyCountsSamplesAndMeanPerClassAccuracyCountsClasses() {
        assertThat(TopOneAccuracy.of(SIX)).isEqualTo(3.0 / 6);
        assertThat(MeanPerClassAccuracy.of(SIX)).isCloseTo((2.0 / 3 + 0 + 1.0 / 2) / 3, within(1e-15));
    }

    @Test
    void ofEqualScoresTheFirstClassIsPredicted() {
        assertThat(new Predictions(new float[] {1, 2, 2}, 3, new int[] {2}).predicted(0))
                .isEqualTo(1);
    }

    @Test
    void theConfusionMatrixHasTruthsAsRows() {
        ConfusionMatrix matrix = ConfusionMatrix.of(SIX);
        long[][] expected = {{2, 1, 0, 0}, {1, 0, 0, 0}, {0, 0, 1, 1}, {0, 0, 0, 0}};
        for (int label = 0; label < 4; label++) {
            for (int predicted = 0; predicted < 4; predicted++) {
                assertThat(matrix.count(label, predicted)).isEqualTo(expected[label][predicted]);
            }
        }
        assertThat(matrix.samples(0)).isEqualTo(3);
    }

    @Test
    void logLossIsTheMeanNegativeLogLikelihood() {
        Predictions two = new Predictions(new float[] {0, 1, 2, 2}, 2, new int[] {0, 1});
        double first = -Math.log(1 / (1 + Math.E));
        assertThat(LogLoss.of(two)).isCloseTo((first + Math.log(2)) / 2, within(1e-12));
        Predictions huge = new Predictions(new float[] {1e4f, 0}, 2, new int[] {1});
        assertThat(LogLoss.of(huge)).isEqualTo(1e4);
    }

    @Test
    void recallAsksForTheKeyAmongTheFirstCandidates() {
        float[][] similarity = {
            {0.9f, 0.1f, 0.5f, 0.2f}, // key 1 first
            {0.9f, 0.3f, 0.5f, 0.2f}, // key 2 third, through the better of its two candidates
            {0.1f, 0.2f, 0.3f, 0.9f}, // key 3 second
        };
        RetrievalRecall recall = RetrievalRecall.of(similarity, new long[] {1, 2, 3}, new long[] {1, 2, 3, 2});
        assertThat(recall.at(1)).isEqualTo(1.0 / 3);
        assertThat(recall.at(2)).isEqualTo(2.0 / 3);
        assertThat(recall.at(3)).isEqualTo(1);
    }

    @Test
    void equalSimilaritiesCountAgainstTheQuery() {
        float[][] same = {{1, 1, 1}};
        RetrievalRecall recall = RetrievalRecall.of(same, new long[] {5}, new long[] {5, 6, 7});
        assertThat(recall.at(2)).isZero();
        assertThat(recall.at(3)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 12.7062047", "2, 4.3026527", "3, 3.1824463", "9, 2.2621572", "29, 2.0452296", "100, 1.9839715"})
    void studentsQuantilesAgreeWithThePublishedTable(int freedom, double expected) {
        assertThat(MeanInterval.quantile(freedom)).isCloseTo(expected, within(1e-7));
    }

    @Test
    void theIntervalOfThreeValues() {
        MeanInterval interval = MeanInterval.of(1, 2, 6);
        // Deviation sqrt(7) over sqrt(3), times the quantile for two degrees of freedom.
        assertThat(interval.mean()).isEqualTo(3);
        assertThat(interval.halfWidth()).isCloseTo(4.3026527 * Math.sqrt(7.0 / 3), within(1e-6));
        assertThat(MeanInterval.of(2).halfWidth()).isNaN();
    }

    @Test
    void whatCannotBeScoredIsRefused() {
        assertThatThrownBy(() -> new Predictions(new float[3], 2, new int[2])).hasMessageContaining("3 scores");
        assertThatThrownBy(() -> new Predictions(new float[0], 2, new int[0])).hasMessageContaining("0 labels");
        assertThatThrownBy(() -> new Predictions(new float[2], 2, new int[] {2}))
                .hasMessageContaining("0 to 1");
        assertThatThrownBy(() -> new Predictions(new float[] {Float.NaN, 0}, 2, new int[1]))
                .hasMessageContaining("finite");
        assertThatThrownBy(() -> RetrievalRecall.of(new float[1][1], new long[] {1}, new long[] {2}))
                .hasMessageContaining("No candidate has the query's key 1");
        assertThatThrownBy(() -> RetrievalRecall.of(new float[1][1], new long[] {1}, new long[] {1, 2}))
                .hasMessageContaining("One similarity per candidate");
        assertThatThrownBy(MeanInterval::of).hasMessageContaining("at least one value");
    }
}

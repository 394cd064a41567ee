package org.generalvision.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankCorrelationTest {
    @Test
    void sameAndOppositeOrders() {
        assertThat(RankCorrelation.of(new double[] {1, 2, 5}, new double[] {-3, 0, 9}))
                .isEqualTo(new RankCorrelation(1, 1, 3));
        RankCorrelation opposite = RankCorrelation.of(new double[] {1, 2, 5}, new double[] {9, 0, -3});
        assertThat(opposite.kendall()).isEqualTo(-1);
        assertThat(opposite.spearman()).isCloseTo(-1, within(1e-15));
    }

    /** By hand: 10 pairs, 7 concordant, 3 discordant; squared rank differences 0 + 1 + 1 + 4 + 4 = 10. */
    @Test
    void withoutTies() {
        RankCorrelation correlation =
                RankCorrelation.of(new double[] {1, 2, 3, 4, 5}, new double[] {10, 30, 20, 60, 25});
        // Ranks of y: 1, 4, 2, 5, 3.
        assertThat(correlation.kendall()).isCloseTo((7 - 3) / 10.0, within(1e-12));
        assertThat(correlation.spearman()).isCloseTo(1 - 6.0 * (0 + 4 + 1 + 1 + 4) / (5 * 24), within(1e-12));
    }

    /** By hand, with the pair (1, 2) tied in x and (3, 4) tied in y: tau-b = (4 - 0) / sqrt(5 * 5). */
    @Test
    void withTies() {
        RankCorrelation correlation = RankCorrelation.of(new double[] {1, 1, 2, 3}, new double[] {1, 2, 3, 3});
        assertThat(correlation.kendall()).isCloseTo(4 / 5.0, within(1e-12));
        // Ranks 1.5, 1.5, 3, 4 and 1, 2, 3.5, 3.5: covariance 4, variances 4.5 each.
        assertThat(correlation.spearman()).isCloseTo(4 / 4.5, within(1e-12));
    }

    @Test
    void nothingOrderedIsNoNumber() {
        RankCorrelation correlation = RankCorrelation.of(new double[] {1, 1}, new double[] {1, 2});
        assertThat(correlation.kendall()).isNaN();
        assertThat(correlation.spearman()).isNaN();
    }

    @Test
    void refusesWhatHasNoRanks() {
        assertThatThrownBy(() -> RankCorrelation.of(new double[] {1}, new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RankCorrelation.of(new double[] {1, 2}, new double[] {1, 2, 3}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RankCorrelation.of(new double[] {1, Double.NaN}, new double[] {1, 2}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

package org.generalvision.upstream.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.common.primitives.ImmutableDoubleArray;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.nn.RoiAlign;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How anchors and regions find their objects, their share in the loss, and their map. */
class MatchingTest {
    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private static Regions regions(double... numbers) {
        return new Regions(ImmutableDoubleArray.copyOf(numbers));
    }

    private int[] match(Regions boxes, Regions truths, Regions crowds, boolean rescue) {
        return new Matcher(0.7, 0.3).match(boxes.array(manager, DataType.FLOAT64), truths, crowds, rescue);
    }

    @Test
    void overlapsDecideAndTheBestAnchorOfATruthIsRescued() {
        Regions truths = regions(0, 0, 10, 10, 100, 100, 104, 104);
        // Overlaps with the first truth 1, 0.5, 0.25, 0; the last box overlaps the second truth by 0.16.
        Regions boxes = regions(0, 0, 10, 10, 0, 0, 10, 5, 0, 0, 5, 5, 50, 50, 60, 60, 100, 100, 110, 110);
        Regions none = regions();
        assertThat(match(boxes, truths, none, false)).containsExactly(0, -2, -1, -1, -1);
        assertThat(match(boxes, truths, none, true)).containsExactly(0, -2, -1, -1, 1);
        assertThat(match(boxes, none, none, true)).containsOnly(Matcher.BACKGROUND);
    }

    @Test
    void backgroundThatLiesInACrowdIsNeither() {
        Regions boxes = regions(0, 0, 10, 10, 4, 0, 14, 10, 6, 0, 16, 10, 0, 0, 10, 10);
        int[] matches = match(boxes, regions(6, 0, 16, 10), regions(0, 0, 9.5, 10), false);
        assertThat(matches).containsExactly(-2, -2, 0, -2);
        // Exactly half of the second box is covered, which is not more than half.
        assertThat(match(boxes, regions(), regions(0, 0, 9, 10), false)).containsExactly(-2, -1, -1, -2);
    }

    @Test
    void samplesAreForegroundUpToItsShareAndThenBackground() {
        int[] matches = new int[100];
        Arrays.setAll(matches, i -> i % 5 == 0 ? i : i % 5 == 1 ? Matcher.NEITHER : Matcher.BACKGROUND);
        int[] sample = new BalancedSampler(16, 0.25).sample(matches, RandomStream.of(1, 2, 3, "anchors"));
        assertThat(sample).hasSize(16).doesNotHaveDuplicates();
        assertThat(Arrays.stream(sample, 0, 4)).allMatch(place -> matches[place] >= 0);
        assertThat(Arrays.stream(sample, 4, 16)).allMatch(place -> matches[place] == Matcher.BACKGROUND);
        assertThat(new BalancedSampler(16, 0.25).sample(matches, RandomStream.of(1, 2, 3, "anchors")))
                .isEqualTo(sample);
        assertThat(new BalancedSampler(16, 0.25).sample(matches, RandomStream.of(1, 3, 3, "anchors")))
                .isNotEqualTo(sample);
        // All 20 of the foreground, and so more background.
        assertThat(new BalancedSampler(80, 0.5).sample(matches, RandomStream.of(1, 2, 3, "anchors")))
                .hasSize(80);
        assertThat(new BalancedSampler(1000, 0.5).sample(matches, RandomStream.of(1, 2, 3, "anchors")))
                .hasSize(80);
    }

    @Test
    void eachPlaceIsDrawnEquallyOften() {
        int[] counts = new int[10];
        int[] matches = new int[10];
        Arrays.fill(matches, Matcher.BACKGROUND);
        for (int step = 0; step < 5000; step++) {
            for (int place : new BalancedSampler(3, 0.5).sample(matches, RandomStream.of(1, step, 0, "anchors"))) {
                counts[place]++;
            }
        }
        // 1500 each; the deviation of a binomial count is 32.
        assertThat(IntStream.of(counts)).allMatch(count -> Math.abs(count - 1500) < 160);
    }

    @Test
    void regionsAreReadFromTheMapOfTheirSize() {
        RegionPooling pooling = new RegionPooling(new RoiAlign(7, 7, 2), List.of(4, 8, 16, 32), 224);
        // The example of the paper: 224 from stride 16, half of it from stride 8.
        assertThat(pooling.map(224 * 224)).isEqualTo(2);
        assertThat(pooling.map(223.9 * 223.9)).isEqualTo(1);
        assertThat(pooling.map(112 * 112)).isEqualTo(1);
        assertThat(pooling.map(448 * 448)).isEqualTo(3);
        assertThat(pooling.map(5000 * 5000)).isEqualTo(3);
        assertThat(pooling.map(1)).isZero();
        assertThat(pooling.map(0)).isZero();
    }

    @Test
    void settingsWithoutMeaningAreRefused() {
        assertThatThrownBy(() -> new Matcher(0.3, 0.7)).hasMessageContaining("background <= foreground");
        assertThatThrownBy(() -> new Matcher(Double.NaN, 0)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new BalancedSampler(0, 0.5)).hasMessageContaining("count");
        assertThatThrownBy(() -> new BalancedSampler(1, 1.5)).hasMessageContaining("1.5");
        assertThatThrownBy(() -> new Anchors(List.of(), List.of(1.0))).hasMessageContaining("sizes");
        assertThatThrownBy(() -> new Anchors(List.of(List.of(8.0), List.of()), List.of(1.0)))
                .hasMessageContaining("equally many");
        assertThatThrownBy(() -> new Anchors(List.of(List.of(8.0)), List.of(-1.0)))
                .hasMessageContaining("-1.0");
        assertThatThrownBy(() -> new Anchors(List.of(List.of(1.0)), List.of(1.0)))
                .hasMessageContaining("2 pixels");
        assertThatThrownBy(() -> new RegionPooling(new RoiAlign(7, 7, 2), List.of(4), 0))
                .hasMessageContaining("0.0");
        assertThatThrownBy(() -> regions(1, 2, 3)).hasMessageContaining("four numbers");
    }
}

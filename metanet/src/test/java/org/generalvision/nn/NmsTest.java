package org.generalvision.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.data.augment.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NmsTest {
    private static final float[] THREE = {0, 0, 10, 10, 0, 0, 10, 6, 0, 0, 10, 5};

    @Test
    void aBoxThatOverlapsASurerOneIsDropped() {
        float[] scores = {0.5f, 0.9f, 0.7f};
        // The second is surest; it overlaps the third by 5/6 and the first by 0.6.
        assertThat(new Nms(0.5).keep(THREE, scores, 3)).containsExactly(1);
        assertThat(new Nms(0.7).keep(THREE, scores, 3)).containsExactly(1, 0);
        assertThat(new Nms(0.9).keep(THREE, scores, 3)).containsExactly(1, 2, 0);
    }

    @Test
    void anOverlapOfJustTheThresholdIsKept() {
        float[] boxes = {0, 0, 4, 4, 0, 0, 4, 2};
        assertThat(new Nms(0.5).keep(boxes, new float[] {1, 0}, 2)).containsExactly(0, 1);
    }

    @Test
    void groupsDoNotSuppressEachOther() {
        float[] scores = {0.5f, 0.9f, 0.7f};
        assertThat(new Nms(0.5).keep(THREE, scores, new int[] {0, 1, 1}, 3)).containsExactly(1, 0);
    }

    @Test
    void theLimitCutsTheLeastSure() {
        float[] scores = {0.5f, 0.9f, 0.7f};
        assertThat(new Nms(1).keep(THREE, scores, 2)).containsExactly(1, 2);
        assertThat(new Nms(1).keep(new float[0], new float[0], 2)).isEmpty();
    }

    @Test
    void equalAndNegativeScoresKeepTheirOrder() {
        float[] boxes = new float[20];
        assertThat(new Nms(0.5).keep(boxes, new float[] {-1, 0, -0f, 2, -1}, 5)).containsExactly(3, 1, 2, 0, 4);
        float[] infinite = {Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 0, 1, -1};
        assertThat(new Nms(0.5).keep(boxes, infinite, 5)).containsExactly(1, 3, 2, 4, 0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 0.7})
    void whatIsKeptIsWhatTheDefinitionKeeps(double threshold) {
        RandomStream random = RandomStream.of(3, 0, 0, "nms");
        int n = 300;
        float[] boxes = new float[4 * n];
        float[] scores = new float[n];
        int[] groups = new int[n];
        for (int i = 0; i < n; i++) {
            boxes[4 * i] = random.nextInt(50);
            boxes[4 * i + 1] = random.nextInt(50);
            boxes[4 * i + 2] = boxes[4 * i] + random.nextInt(30);
            boxes[4 * i + 3] = boxes[4 * i + 1] + random.nextInt(30);
            scores[i] = random.nextInt(100) / 100f;
            groups[i] = random.nextInt(3);
        }
        assertThat(new Nms(threshold).keep(boxes, scores, groups, n))
                .containsExactly(definition(boxes, scores, groups, threshold));
    }

    private static int[] definition(float[] boxes, float[] scores, int[] groups, double threshold) {
        List<Integer> rest =
                new ArrayList<>(IntStream.range(0, scores.length).boxed().toList());
        rest.sort(Comparator.comparing(i -> -scores[i]));
        List<Integer> kept = new ArrayList<>();
        while (!rest.isEmpty()) {
            int best = rest.remove(0);
            kept.add(best);
            rest.removeIf(other -> groups[other] == groups[best] && iou(boxes, best, other) > threshold);
        }
        return kept.stream().mapToInt(i -> i).toArray();
    }

    private static double iou(float[] boxes, int a, int b) {
        double width = Math.min(boxes[4 * a + 2], boxes[4 * b + 2]) - Math.max(boxes[4 * a], boxes[4 * b]);
        double height = Math.min(boxes[4 * a + 3], boxes[4 * b + 3]) - Math.max(boxes[4 * a + 1], boxes[4 * b + 1]);
        double common = Math.max(0, width) * Math.max(0, height);
        return common == 0 ? 0 : common / (area(boxes, a) + area(boxes, b) - common);
    }

    private static double area(float[] boxes, int i) {
        return (boxes[4 * i + 2] - boxes[4 * i]) * (boxes[4 * i + 3] - boxes[4 * i + 1]);
    }

    @Test
    void whatCannotBeOrderedIsRefused() {
        assertThatThrownBy(() -> new Nms(1.1)).hasMessageContaining("1.1");
        assertThatThrownBy(() -> new Nms(0.5).keep(new float[4], new float[] {Float.NaN}, 1))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Nms(0.5).keep(new float[4], new float[2], 1))
                .hasMessageContaining("4, 2, 2");
    }
}

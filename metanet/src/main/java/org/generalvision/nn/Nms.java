package org.generalvision.nn;

import java.util.Arrays;

/**
 * Greedy non-maximum suppression: boxes come in the order of their scores, and one that overlaps an earlier one of its group
 * by more than the threshold is dropped. It takes plain arrays, because each decision depends on the ones before it.
 *
 * @param threshold intersection over union above which a box is dropped, in [0, 1]
 */
public record Nms(double threshold) {
    public Nms {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("The threshold of suppression must lie in [0, 1]: " + threshold);
        }
    }

    /** What is kept of boxes that are all of one group. */
    public int[] keep(float[] boxes, float[] scores, int limit) {
        return keep(boxes, scores, new int[scores.length], limit);
    }

    /**
     * What is kept.
     *
     * @param boxes x1, y1, x2, y2 of each box, one after another
     * @param scores of the boxes, any numbers but NaN
     * @param groups of the boxes, such as their class: boxes of different groups never suppress each other
     * @param limit largest number that is kept
     * @return places of the boxes, the highest score first; of equal scores the earlier one
     */
    public int[] keep(float[] boxes, float[] scores, int[] groups, int limit) {
        int n = scores.length;
        if (boxes.length != 4L * n || groups.length != n) {
            throw new IllegalArgumentException("Each box needs four numbers, a score and a group: %d, %d, %d"
                    .formatted(boxes.length, n, groups.length));
        }
        int[] order = order(scores);
        Kept kept = new Kept(boxes, groups, Math.min(limit, n));
        for (int box : order) {
            if (kept.count == kept.places.length) {
                break;
            }
            if (!kept.suppresses(box)) {
                kept.add(box);
            }
        }
        return Arrays.copyOf(kept.places, kept.count);
    }

    /** Places by falling score: a score's bits in an order of whole numbers, above the place. */
    private static int[] order(float[] scores) {
        long[] keys = new long[scores.length];
        for (int i = 0; i < keys.length; i++) {
            if (Float.isNaN(scores[i])) {
                throw new IllegalArgumentException("Box %d has the score NaN".formatted(i));
            }
            int bits = Float.floatToIntBits(scores[i] + 0f); // -0 becomes 0
            int rising = bits < 0 ? ~bits : bits | Integer.MIN_VALUE; // larger scores, larger numbers without sign
            keys[i] = Integer.toUnsignedLong(~rising) << 31 | i;
        }
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = (int) (keys[i] & Integer.MAX_VALUE);
        }
        return order;
    }

    /** The boxes kept so far, side by side, so that a pass over them reads little memory. */
    private final class Kept {
        private final float[] boxes;
        private final int[] groups;
        private final int[] places;
        private final float[] x1;
        private final float[] y1;
        private final float[] x2;
        private final float[] y2;
        private final int[] group;
        private int count;

        Kept(float[] boxes, int[] groups, int limit) {
            this.boxes = boxes;
            this.groups = groups;
            int size = Math.max(0, limit);
            places = new int[size];
            x1 = new float[size];
            y1 = new float[size];
            x2 = new float[size];
            y2 = new float[size];
            group = new int[size];
        }

        void add(int box) {
            places[count] = box;
            x1[count] = boxes[4 * box];
            y1[count] = boxes[4 * box + 1];
            x2[count] = boxes[4 * box + 2];
            y2[count] = boxes[4 * box + 3];
            group[count] = groups[box];
            count++;
        }

        boolean suppresses(int box) {
            float left = boxes[4 * box];
            float top = boxes[4 * box + 1];
            float right = boxes[4 * box + 2];
            float bottom = boxes[4 * box + 3];
            double area = (double) (right - left) * (bottom - top);
            for (int i = 0; i < count; i++) {
                float width = Math.min(right, x2[i]) - Math.max(left, x1[i]);
                float height = Math.min(bottom, y2[i]) - Math.max(top, y1[i]);
                if (width > 0 && height > 0 && group[i] == groups[box]) {
                    double common = (double) width * height;
                    double other = (double) (x2[i] - x1[i]) * (y2[i] - y1[i]);
                    if (common > threshold * (area + other - common)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}

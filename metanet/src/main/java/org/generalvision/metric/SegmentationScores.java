package org.generalvision.metric;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The usual figures of semantic segmentation, over the pixels of all images together (mmseg/evaluation/metrics/iou_metric.py in
 * github.com/open-mmlab/mmsegmentation). From 0 to 1, NaN if nothing was counted.
 *
 * @param meanIou mean over the classes that occur, in the truth or in the predictions, of intersection over union
 * @param pixelAccuracy share of the pixels that are right
 * @param meanClassAccuracy mean over the classes that occur in the truth of the share of their pixels that are right
 * @param iouOfClass intersection over union of each class; NaN for those that occur nowhere
 */
public record SegmentationScores(
        double meanIou, double pixelAccuracy, double meanClassAccuracy, ImmutableDoubleArray iouOfClass) {

    /** The figures of a matrix whose samples are pixels. */
    public static SegmentationScores of(ConfusionMatrix pixels) {
        int classes = pixels.classes();
        double[] ious = new double[classes];
        double[] accuracies = new double[classes];
        long right = 0;
        long all = 0;
        for (int label = 0; label < classes; label++) {
            long common = pixels.count(label, label);
            long truth = pixels.samples(label);
            ious[label] = (double) common / (truth + pixels.predictions(label) - common);
            accuracies[label] = (double) common / truth;
            right += common;
            all += truth;
        }
        return new SegmentationScores(
                meanOfDefined(ious),
                (double) right / all,
                meanOfDefined(accuracies),
                ImmutableDoubleArray.copyOf(ious));
    }

    private static double meanOfDefined(double[] values) {
        return DoubleStream.of(values).filter(v -> !Double.isNaN(v)).average().orElse(Double.NaN);
    }

    /** Counts pixels, image by image. */
    public static final class Counter {
        private final long[][] counts;
        private final int ignored;

        /**
         * A counter of nothing yet.
         *
         * @param classes at least 1
         * @param ignored label of pixels that do not count, commonly 255; it is no class
         */
        public Counter(int classes, int ignored) {
            if (classes < 1 || (ignored >= 0 && ignored < classes)) {
                throw new IllegalArgumentException("A counter needs classes, and an ignored label beyond them: %d, %d"
                        .formatted(classes, ignored));
            }
            this.counts = new long[classes][classes];
            this.ignored = ignored;
        }

        /**
         * Adds an image.
         *
         * @param truths class of each pixel, or the ignored label
         * @param predicted class of each pixel; where the truth is ignored, anything
         * @throws IllegalArgumentException if the sizes differ or a label is no class; nothing is counted then
         */
        public void add(int[] truths, int[] predicted) {
            if (truths.length != predicted.length) {
                throw new IllegalArgumentException("Truth and prediction must have equally many pixels: %d and %d"
                        .formatted(truths.length, predicted.length));
            }
            int wrong = IntStream.range(0, truths.length)
                    .filter(i -> truths[i] != ignored && !(isClass(truths[i]) && isClass(predicted[i])))
                    .findFirst()
                    .orElse(-1);
            if (wrong >= 0) {
                throw new IllegalArgumentException(
                        "Labels must lie in 0 to %d, or be %d for pixels that do not count: pixel %d has %d, predicted %d"
                                .formatted(counts.length - 1, ignored, wrong, truths[wrong], predicted[wrong]));
            }
            for (int i = 0; i < truths.length; i++) {
                if (truths[i] != ignored) {
                    counts[truths[i]][predicted[i]]++;
                }
            }
        }

        private boolean isClass(int label) {
            return label >= 0 && label < counts.length;
        }

        /** What was counted so far. */
        public ConfusionMatrix matrix() {
            return ConfusionMatrix.of(counts);
        }

        /** The figures of what was counted so far. */
        public SegmentationScores scores() {
            return SegmentationScores.of(matrix());
        }
    }
}

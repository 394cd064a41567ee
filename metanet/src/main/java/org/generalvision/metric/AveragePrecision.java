package org.generalvision.metric;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Average precision of each class of a multi-label classifier, samples whose label is unknown left out, and its mean. As
 * scikit-learn's average_precision_score: the sum over the distinct scores, from the highest, of the gain in recall times the
 * precision there, so that the order of equal scores means nothing.
 *
 * @param mean over the classes with a positive sample; NaN if there is none
 * @param ofClass from 0 to 1; NaN for classes without a positive sample
 */
public record AveragePrecision(double mean, ImmutableDoubleArray ofClass) {
    /** Whether a sample shows a class. */
    public enum Truth {
        ABSENT,
        PRESENT,
        /** Nobody looked: the sample says nothing about the class. */
        UNKNOWN
    }

    /**
     * Scores predictions.
     *
     * @param scores finite, of each sample (row) for each class
     * @param truths of the same shape
     */
    public static AveragePrecision of(float[][] scores, Truth[][] truths) {
        if (scores.length == 0 || scores.length != truths.length) {
            throw new IllegalArgumentException(
                    "One row of truths per row of scores is needed: %d and %d".formatted(truths.length, scores.length));
        }
        int classes = scores[0].length;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i].length != classes || truths[i].length != classes) {
                throw new IllegalArgumentException("Sample %d must have %d scores and truths: %d and %d"
                        .formatted(i, classes, scores[i].length, truths[i].length));
            }
        }
        double[] ofClass = IntStream.range(0, classes)
                .mapToDouble(c -> ofClass(c, scores, truths))
                .toArray();
        double mean =
                DoubleStream.of(ofClass).filter(v -> !Double.isNaN(v)).average().orElse(Double.NaN);
        return new AveragePrecision(mean, ImmutableDoubleArray.copyOf(ofClass));
    }

    private record Sample(float score, boolean positive) {}

    private static double ofClass(int label, float[][] scores, Truth[][] truths) {
        Sample[] samples = IntStream.range(0, scores.length)
                .filter(i -> truths[i][label] != Truth.UNKNOWN)
                .mapToObj(i -> new Sample(finite(scores[i][label], i, label), truths[i][label] == Truth.PRESENT))
                .sorted(Comparator.comparing(Sample::score).reversed())
                .toArray(Sample[]::new);
        long positives = Arrays.stream(samples).filter(Sample::positive).count();
        double sum = 0;
        long found = 0;
        long gained = 0;
        for (int i = 0; i < samples.length; i++) {
            gained += samples[i].positive() ? 1 : 0;
            if (i + 1 == samples.length || samples[i + 1].score() != samples[i].score()) {
                found += gained;
                sum += (double) gained * found / (i + 1);
                gained = 0;
            }
        }
        return sum / positives;
    }

    private static float finite(float score, int sample, int label) {
        if (!Float.isFinite(score)) {
            throw new IllegalArgumentException(
                    "Scores must be finite: sample %d, class %d has %s".formatted(sample, label, score));
        }
        return score;
    }
}

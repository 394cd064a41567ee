package org.generalvision.metric;

import java.util.stream.IntStream;

/** What a classifier said about N samples, and what was right. */
public final class Predictions {
    private final double[] scores;
    private final int classes;
    private final int[] labels;

    /**
     * Checked copies of scores and labels.
     *
     * @param scores logits (any finite numbers, larger is likelier), row by row: N times {@code classes}
     * @param classes number of classes
     * @param labels the right class of each sample, 0 to classes - 1
     */
    public Predictions(double[] scores, int classes, int[] labels) {
        if (classes < 1 || labels.length == 0 || scores.length != (long) labels.length * classes) {
            throw new IllegalArgumentException(
                    "Predictions need one row of scores per label: %d scores, %d classes, %d labels"
                            .formatted(scores.length, classes, labels.length));
        }
        for (int i = 0; i < scores.length; i++) {
            if (!Double.isFinite(scores[i])) {
                throw new IllegalArgumentException("Scores must be finite: sample %d, class %d has %s"
                        .formatted(i / classes, i % classes, scores[i]));
            }
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException(
                        "Labels must lie in 0 to %d: sample %d has %d".formatted(classes - 1, i, labels[i]));
            }
        }
        this.scores = scores.clone();
        this.classes = classes;
        this.labels = labels.clone();
    }

    /** Predictions of float32 scores, such as an array of the engine gives. */
    public Predictions(float[] scores, int classes, int[] labels) {
        this(IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).toArray(), classes, labels);
    }

    /** Number of classes. */
    public int classes() {
        return classes;
    }

    /** Number of samples. */
    public int size() {
        return labels.length;
    }

    double score(int sample, int label) {
        return scores[sample * classes + label];
    }

    int label(int sample) {
        return labels[sample];
    }

    /** The class with the highest score; of equal ones the first. */
    public int predicted(int sample) {
        int best = 0;
        for (int label = 1; label < classes; label++) {
            if (score(sample, label) > score(sample, best)) {
                best = label;
            }
        }
        return best;
    }
}

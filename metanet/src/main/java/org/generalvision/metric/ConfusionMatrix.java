package org.generalvision.metric;

import java.util.Arrays;

/** How often each class was taken for each. */
public final class ConfusionMatrix {
    private final long[][] counts;

    private ConfusionMatrix(long[][] counts) {
        this.counts = counts;
    }

    /** The matrix of counts, truths as rows. */
    static ConfusionMatrix of(long[][] counts) {
        return new ConfusionMatrix(Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new));
    }

    public static ConfusionMatrix of(Predictions predictions) {
        long[][] counts = new long[predictions.classes()][predictions.classes()];
        for (int i = 0; i < predictions.size(); i++) {
            counts[predictions.label(i)][predictions.predicted(i)]++;
        }
        return new ConfusionMatrix(counts);
    }

    /** Number of classes. */
    public int classes() {
        return counts.length;
    }

    /** Samples of class {@code label} that were predicted as {@code predicted}. */
    public long count(int label, int predicted) {
        return counts[label][predicted];
    }

    /** Samples of a class. */
    public long samples(int label) {
        return Arrays.stream(counts[label]).sum();
    }

    /** Samples that were taken for a class. */
    public long predictions(int predicted) {
        return Arrays.stream(counts).mapToLong(row -> row[predicted]).sum();
    }
}

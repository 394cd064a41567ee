package org.generalvision.metric;

/** Mean over the classes of the share of each class's samples that are right; classes without samples do not count. */
public final class MeanPerClassAccuracy {
    private MeanPerClassAccuracy() {}

    /** From 0 to 1. */
    public static double of(Predictions predictions) {
        ConfusionMatrix matrix = ConfusionMatrix.of(predictions);
        double sum = 0;
        int present = 0;
        for (int label = 0; label < predictions.classes(); label++) {
            long samples = matrix.samples(label);
            if (samples > 0) {
                sum += (double) matrix.count(label, label) / samples;
                present++;
            }
        }
        return sum / present;
    }
}

package org.generalvision.metric;

import java.util.stream.IntStream;

/** Share of samples whose highest score is that of the right class. */
public final class TopOneAccuracy {
    private TopOneAccuracy() {}

    /** From 0 to 1. */
    public static double of(Predictions predictions) {
        long right = IntStream.range(0, predictions.size())
                .filter(i -> predictions.predicted(i) == predictions.label(i))
                .count();
        return (double) right / predictions.size();
    }
}

package org.generalvision.train;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A loss or a gradient is NaN or infinite; nothing has been updated. */
final class NotFinite extends RuntimeException {
    private static final int MAX_LISTED = 5;

    private final long step;
    private final int objective;
    private final SortedMap<String, Double> metrics;
    private final List<String> brokenGradients;

    NotFinite(long step, int objective, SortedMap<String, Double> metrics, List<String> brokenGradients) {
        super("Step " + step + ": " + broken(metrics) + "; gradients that are not finite: "
                + (brokenGradients.size() <= MAX_LISTED
                        ? brokenGradients
                        : brokenGradients.size() + " such as " + brokenGradients.subList(0, MAX_LISTED)));
        this.step = step;
        this.objective = objective;
        this.metrics = new TreeMap<>(metrics);
        this.brokenGradients = List.copyOf(brokenGradients);
    }

    private static SortedMap<String, Double> broken(SortedMap<String, Double> metrics) {
        SortedMap<String, Double> broken = new TreeMap<>(metrics);
        broken.values().removeIf(Double::isFinite);
        return broken;
    }

    long step() {
        return step;
    }

    /** Which of the run's objectives, from 0. */
    int objective() {
        return objective;
    }

    SortedMap<String, Double> metrics() {
        return metrics;
    }

    List<String> brokenGradients() {
        return brokenGradients;
    }
}

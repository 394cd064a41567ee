package org.generalvision.upstream.amateur.local;

import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.train.Evaluation;
import org.generalvision.upstream.amateur.ImageTextMetrics;
import org.jspecify.annotations.Nullable;

/**
 * What the stage changes: each figure of the image tower as it is now, and under {@code start/} as it was before the first step,
 * side by side in every evaluation.
 */
final class LocalMetrics implements Evaluation {
    private final LocalObjective objective;
    private final ImageTextMetrics texts;
    private final RegionMetrics regions;
    private @Nullable SortedMap<String, Double> before;

    LocalMetrics(LocalObjective objective, ImageTextMetrics texts, RegionMetrics regions) {
        this.objective = objective;
        this.texts = texts;
        this.regions = regions;
    }

    @Override
    public SortedMap<String, Double> evaluate(long step) {
        if (before == null) { // it never changes, so one measurement in a process is enough
            before = objective.start().during(objective.model(), () -> measure(0));
        }
        SortedMap<String, Double> metrics = measure(step);
        before.forEach((name, value) -> metrics.put("start/" + name, value));
        return metrics;
    }

    private SortedMap<String, Double> measure(long step) {
        SortedMap<String, Double> metrics = new TreeMap<>(texts.evaluate(step));
        metrics.putAll(regions.measure());
        return metrics;
    }
}

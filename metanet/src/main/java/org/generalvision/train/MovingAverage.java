package org.generalvision.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.nn.ListOps;
import org.generalvision.nn.Ops;

/** Exponential moving average of the trained parameters: a = decay * a + (1 - decay) * w after each update. */
final class MovingAverage {
    private final SortedMap<String, NDArray> parameters;
    private final SortedMap<String, NDArray> averages = new TreeMap<>();
    private final double decay;

    /**
     * An average that starts at the present weights.
     *
     * @param manager owner of the averages
     */
    MovingAverage(SortedMap<String, NDArray> parameters, double decay, NDManager manager) {
        this.parameters = parameters;
        this.decay = decay;
        parameters.forEach((path, array) -> {
            NDArray copy = Ops.copy(array);
            copy.attach(manager);
            averages.put(path, copy);
        });
    }

    void update() {
        ListOps.lerp(List.copyOf(averages.values()), List.copyOf(parameters.values()), 1 - decay);
    }

    /** Starts anew from the present weights, after these have been loaded. */
    void restart() {
        averages.forEach((path, average) -> Ops.copyInto(average, parameter(path)));
    }

    /** Exchanges weights and averages: for an evaluation, and once more after it. */
    void swap() {
        averages.forEach((path, average) -> {
            NDArray parameter = parameter(path);
            try (NDArray kept = Ops.copy(average)) {
                Ops.copyInto(average, parameter);
                Ops.copyInto(parameter, kept);
            }
        });
    }

    private NDArray parameter(String path) {
        NDArray parameter = parameters.get(path);
        if (parameter == null) {
            throw new IllegalStateException("No parameter " + path);
        }
        return parameter;
    }

    /** The live averages by path. */
    SortedMap<String, NDArray> state() {
        return Collections.unmodifiableSortedMap(averages);
    }
}

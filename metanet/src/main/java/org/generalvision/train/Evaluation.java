package org.generalvision.train;

import java.util.Collections;
import java.util.SortedMap;

/** Measures the model now and then. */
@FunctionalInterface
public interface Evaluation {
    /**
     * Metrics by name, for example {@code zeroShot/top1}. Called without gradients and, if the run keeps a moving average of
     * the weights, with the averaged weights in the model.
     *
     * @param step optimizer steps done so far
     */
    SortedMap<String, Double> evaluate(long step);

    /** Measures nothing. */
    static Evaluation none() {
        return step -> Collections.emptySortedMap();
    }
}

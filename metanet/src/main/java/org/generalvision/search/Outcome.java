package org.generalvision.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of one evaluation.
 *
 * @param accuracy in [0, 1]; 0 if it failed
 * @param curve accuracy during training
 * @param failure why there is no accuracy, or null
 * @param time how long it took
 */
public record Outcome(
        double accuracy, List<Point> curve, @Nullable String failure, Time time) {
    public Outcome {
        if (!(accuracy >= 0 && accuracy <= 1)) {
            throw new IllegalArgumentException("accuracy must lie in [0, 1]: " + accuracy);
        }
        curve = List.copyOf(curve);
    }

    /** A training that came to its end. */
    public static Outcome of(List<Point> curve, Time time) {
        return new Outcome(curve.get(curve.size() - 1).accuracy(), curve, null, time);
    }

    /** A training that did not. */
    public static Outcome failed(String reason, List<Point> curve, Time time) {
        return new Outcome(0, curve, reason, time);
    }

    /** Accuracy after a number of steps. */
    public record Point(long step, double accuracy) {}

    /**
     * What an evaluation took.
     *
     * @param seconds of wall clock
     * @param processorSeconds of the whole process meanwhile
     */
    public record Time(double seconds, double processorSeconds) {}
}

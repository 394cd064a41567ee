package org.generalvision.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of a journal. Two runs of one search differ in {@code time} alone, unless the cost is a measured latency.
 *
 * @param trial number, from 0
 * @param tokens the candidate
 * @param architecture the candidate in one line
 * @param seed of its training
 * @param reward what the search maximizes
 * @param accuracy in [0, 1]
 * @param parameters trainable elements
 * @param macs multiply-adds of a forward pass of one picture
 * @param latencyMillis measured, if that is the cost, or null
 * @param logProbability natural logarithm of the probability with which the controller chose it, or null if none did
 * @param failure why it has no accuracy, or null
 * @param curve accuracy during training
 * @param time what it took
 */
public record Trial(
        int trial,
        Tokens tokens,
        String architecture,
        long seed,
        double reward,
        double accuracy,
        long parameters,
        long macs,
        @Nullable Double latencyMillis,
        @Nullable Double logProbability,
        @Nullable String failure,
        List<Outcome.Point> curve,
        Time time) {
    public Trial {
        curve = List.copyOf(curve);
    }

    /**
     * What a trial took.
     *
     * @param seconds of wall clock for the evaluation
     * @param processorSeconds of the process that evaluated
     * @param controllerProcessorSeconds of what the search itself did since the trial before: draw, learn, write
     * @param cached whether the result was there already, so that nothing was trained
     */
    public record Time(double seconds, double processorSeconds, double controllerProcessorSeconds, boolean cached) {}

    /** The cost of the given kind. */
    public double cost(Reward.Kind kind) {
        if (kind == Reward.Kind.MACS) {
            return macs;
        }
        if (latencyMillis == null) {
            throw new IllegalArgumentException("Trial " + trial + " has no measured latency");
        }
        return latencyMillis;
    }
}

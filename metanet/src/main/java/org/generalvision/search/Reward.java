package org.generalvision.search;

import org.jspecify.annotations.Nullable;

/**
 * What a trial is worth: accuracy * (cost / target)^alpha, the weighted product of MnasNet (Tan et al. 2019, equation 2).
 *
 * @param cost what is counted
 * @param target cost at which the reward is the accuracy: multiply-adds, or milliseconds
 * @param alpha exponent, at most 0; 0 ignores the cost
 * @param limit largest cost of a candidate that is trained at all, or null
 */
public record Reward(
        Kind cost, double target, double alpha, @Nullable Double limit) {
    /** What a candidate's cost is. */
    public enum Kind {
        /** Multiply-adds of a forward pass of one picture. */
        MACS,
        /** Median milliseconds of a forward pass of one picture on this machine. */
        LATENCY;

        /** With its unit, for people. */
        public String words(double cost) {
            return this == MACS ? "%.4g multiply-adds".formatted(cost) : "%.3f ms".formatted(cost);
        }
    }

    public Reward {
        if (!(target > 0 && Double.isFinite(target))) {
            throw new IllegalArgumentException("target must be positive: " + target);
        }
        if (!(alpha <= 0 && Double.isFinite(alpha))) {
            throw new IllegalArgumentException("alpha must be at most 0, so that cost lowers the reward: " + alpha);
        }
        if (limit != null && !(limit > 0)) {
            throw new IllegalArgumentException("limit must be positive, or null for none: " + limit);
        }
    }

    /** The reward of a network with an accuracy in [0, 1]. */
    public double of(double accuracy, double cost) {
        return accuracy * Math.pow(cost / target, alpha);
    }

    /** Whether a candidate of this cost is trained. */
    public boolean admits(double cost) {
        return limit == null || cost <= limit;
    }
}

package org.generalvision.search;

import org.jspecify.annotations.Nullable;

/**
 * Proximal policy optimization (Schulman et al. 2017, arXiv 1707.06347) over token sequences with one reward at the end, so
 * nothing is discounted.
 *
 * @param round trials between two updates of the controller; as many processes can work at a time
 * @param epochs steps on the trials of a round
 * @param clip how far the probability ratio may move before it stops to count: 0.2 as published
 * @param valueWeight weight of the squared error of the value baseline
 * @param entropyWeight weight of the entropy bonus at the first round, for entropies as shares of the largest possible
 * @param finalEntropyWeight the same at the last round; in between it falls or rises linearly
 * @param learningRate of AdamW, without decay
 * @param clipNorm largest Euclidean norm of the gradient
 * @param controller sizes of the network
 * @param replay former trials that are learned from again, or null for none
 */
public record PpoConfig(
        int round,
        int epochs,
        double clip,
        double valueWeight,
        double entropyWeight,
        double finalEntropyWeight,
        double learningRate,
        double clipNorm,
        ControllerConfig controller,
        @Nullable Replay replay) {
    public PpoConfig {
        require(round >= 2, "round must be at least 2, since advantages are normalized over it: " + round);
        require(epochs >= 1, "epochs must be at least 1: " + epochs);
        require(clip > 0 && clip < 1, "clip must lie in (0, 1): " + clip);
        require(valueWeight >= 0 && Double.isFinite(valueWeight), "valueWeight must not be negative: " + valueWeight);
        require(
                entropyWeight >= 0 && Double.isFinite(entropyWeight),
                "entropyWeight must not be negative: " + entropyWeight);
        require(
                finalEntropyWeight >= 0 && Double.isFinite(finalEntropyWeight),
                "finalEntropyWeight must not be negative: " + finalEntropyWeight);
        require(learningRate > 0 && Double.isFinite(learningRate), "learningRate must be positive: " + learningRate);
        require(clipNorm > 0 && Double.isFinite(clipNorm), "clipNorm must be positive: " + clipNorm);
    }

    /**
     * Replay with off-policy correction: each former trial counts as often as the present policy would choose it for once
     * that the policy did which chose it, but at most {@code maxWeight} times.
     *
     * @param trials how many of the latest ones before the round
     * @param maxWeight where the weights are cut off, which bounds their variance
     */
    public record Replay(int trials, double maxWeight) {
        public Replay {
            require(trials >= 1, "trials must be at least 1: " + trials);
            require(maxWeight > 0 && Double.isFinite(maxWeight), "maxWeight must be positive: " + maxWeight);
        }

        /** The weight of a former trial from the logarithms of its probability now and then. */
        double weight(double logProbabilityNow, double logProbabilityThen) {
            return Math.min(maxWeight, Math.exp(logProbabilityNow - logProbabilityThen));
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}

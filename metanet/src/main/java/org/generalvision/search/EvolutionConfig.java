package org.generalvision.search;

/**
 * Regularized evolution.
 *
 * @param population how many of the latest trials are in it; the first ones are drawn evenly
 * @param sample how many of them, drawn with replacement, compete to be the parent
 * @param round candidates chosen at a time, so that as many processes can work; 1 as published
 */
public record EvolutionConfig(int population, int sample, int round) {
    public EvolutionConfig {
        if (population < 2) {
            throw new IllegalArgumentException("population must be at least 2: " + population);
        }
        if (sample < 1 || sample > population) {
            throw new IllegalArgumentException(
                    "sample must lie in [1, population]: %d of %d".formatted(sample, population));
        }
        if (round < 1) {
            throw new IllegalArgumentException("round must be at least 1: " + round);
        }
    }
}

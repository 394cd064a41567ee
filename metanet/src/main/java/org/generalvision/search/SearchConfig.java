package org.generalvision.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How is searched.
 *
 * @param trials of each way of searching with each seed
 * @param seeds of the searches; several give intervals
 * @param reward what a candidate is worth
 * @param ppo the controller and its training
 * @param evolution the control by evolution; that by random search has no settings
 * @param longer how many candidates, spread over the ranks of all trials, are trained longer at the end to learn whether the
 *     proxy ranks as that does, or null for none
 * @param saveEvery rounds between two checkpoints of the controller
 */
public record SearchConfig(
        int trials,
        List<Long> seeds,
        Reward reward,
        PpoConfig ppo,
        EvolutionConfig evolution,
        @Nullable Integer longer,
        int saveEvery) {
    private static final int FEWEST_LONGER = 3;

    public SearchConfig {
        seeds = List.copyOf(seeds);
        if (trials < 1) {
            throw new IllegalArgumentException("trials must be at least 1: " + trials);
        }
        if (trials % ppo.round() != 0) {
            throw new IllegalArgumentException(
                    "trials must be a multiple of ppo.round: %d is none of %d".formatted(trials, ppo.round()));
        }
        if (seeds.isEmpty() || seeds.stream().distinct().count() != seeds.size()) {
            throw new IllegalArgumentException("seeds must be at least one, each once: " + seeds);
        }
        if (longer != null && longer < FEWEST_LONGER) {
            throw new IllegalArgumentException("longer must be at least %d, or there are no ranks to compare: %d"
                    .formatted(FEWEST_LONGER, longer));
        }
        if (saveEvery < 1) {
            throw new IllegalArgumentException("saveEvery must be at least 1: " + saveEvery);
        }
    }

    /** The same with other seeds. */
    public SearchConfig withSeeds(List<Long> other) {
        return new SearchConfig(trials, other, reward, ppo, evolution, longer, saveEvery);
    }
}

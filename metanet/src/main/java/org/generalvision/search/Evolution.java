package org.generalvision.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.generalvision.data.augment.RandomStream;

/**
 * Regularized evolution (Real et al. 2019, arXiv 1802.01548, algorithm 1): the population is the last trials, whatever they are
 * worth; the best of a sample of it is the parent of the next candidate, which differs from it at one position.
 */
final class Evolution implements Strategy {
    private final EvolutionConfig config;
    private final Costs costs;
    private final long seed;

    Evolution(EvolutionConfig config, Costs costs, long seed) {
        this.config = config;
        this.costs = costs;
        this.seed = seed;
    }

    @Override
    public List<Proposal> propose(List<Trial> history, int budget) {
        int begin = history.size();
        boolean first = begin < config.population();
        int end = Math.min(budget, first ? config.population() : begin + config.round());
        List<Trial> population = history.subList(Math.max(0, begin - config.population()), begin);
        List<Proposal> proposals = new ArrayList<>();
        for (int trial = begin; trial < end; trial++) {
            if (first) {
                proposals.add(
                        new Proposal(costs.firstAdmitted(costs.space()::draw, seed, trial, "first population"), null));
            } else {
                Tokens parent = parent(population, RandomStream.of(seed, 0, trial, "parent"));
                proposals.add(new Proposal(
                        costs.firstAdmitted(random -> mutate(parent, random), seed, trial, "mutation"), null));
            }
        }
        return proposals;
    }

    /** The best of a sample; of equals the oldest. */
    private Tokens parent(List<Trial> population, RandomGenerator random) {
        List<Trial> sample = new ArrayList<>();
        for (int i = 0; i < config.sample(); i++) {
            sample.add(population.get(random.nextInt(population.size())));
        }
        return sample.stream()
                .min(Comparator.comparingDouble(Trial::reward).reversed().thenComparingInt(Trial::trial))
                .orElseThrow()
                .tokens();
    }

    /** Another choice at one of the positions that have one. */
    private Tokens mutate(Tokens parent, RandomGenerator random) {
        List<Position> positions = costs.space().positions();
        int position = random.nextInt(positions.size());
        while (positions.get(position).choices().size() < 2) {
            position = random.nextInt(positions.size());
        }
        int other = random.nextInt(positions.get(position).choices().size() - 1);
        return parent.with(position, other < parent.at(position) ? other : other + 1);
    }
}

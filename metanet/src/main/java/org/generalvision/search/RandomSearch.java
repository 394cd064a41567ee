package org.generalvision.search;

import java.util.ArrayList;
import java.util.List;

/** Candidates drawn evenly from the space: what every search must beat. */
final class RandomSearch implements Strategy {
    private static final int ROUND = 16;

    private final Costs costs;
    private final long seed;

    RandomSearch(Costs costs, long seed) {
        this.costs = costs;
        this.seed = seed;
    }

    @Override
    public List<Proposal> propose(List<Trial> history, int budget) {
        List<Proposal> proposals = new ArrayList<>();
        for (int trial = history.size(); trial < Math.min(budget, history.size() + ROUND); trial++) {
            proposals.add(new Proposal(costs.firstAdmitted(costs.space()::draw, seed, trial, "random search"), null));
        }
        return proposals;
    }
}

package org.generalvision.search;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Makes trials of proposals and keeps them in the journal. Trials that the journal has already are taken from it, so a search
 * that was killed goes through its past without training and meets its own decisions again.
 */
final class Trials {
    private final Journal journal;
    private final Evaluations evaluations;
    private final Costs costs;
    private final long trainingSeed;
    private final SearchWatch watch;
    private double controllerSince = ProcessorTime.processorSeconds();

    /**
     * @param trainingSeed seed of every candidate's training
     * @param watch is told of every trial that is made
     */
    Trials(Journal journal, Evaluations evaluations, Costs costs, long trainingSeed, SearchWatch watch) {
        this.journal = journal;
        this.evaluations = evaluations;
        this.costs = costs;
        this.trainingSeed = trainingSeed;
        this.watch = watch;
    }

    Costs costs() {
        return costs;
    }

    /** The first {@code count} trials of the search. */
    List<Trial> first(int count) {
        if (count > journal.trials().size()) {
            throw new IllegalArgumentException(
                    "The journal has %d trials, but the search had come to trial %d: restore the journal, or use another run directory"
                            .formatted(journal.trials().size(), count));
        }
        return journal.trials().subList(0, count);
    }

    /**
     * Tries proposals.
     *
     * @param first number of the first one's trial
     */
    List<Trial> run(int first, List<Proposal> proposals) {
        int known = Math.min(proposals.size(), journal.trials().size() - first);
        for (int i = 0; i < known; i++) {
            requireSame(journal.trials().get(first + i), proposals.get(i));
        }
        List<Proposal> open = proposals.subList(known, proposals.size());
        Iterator<Proposal> next = open.iterator();
        double perTrial = (ProcessorTime.processorSeconds() - controllerSince) / Math.max(1, open.size());
        evaluations.run(requests(open), (request, result) -> {
            Trial trial = trial(next.next(), result, perTrial);
            journal.append(trial);
            watch.trial(trial);
        });
        controllerSince = ProcessorTime.processorSeconds();
        return List.copyOf(journal.trials().subList(first, first + proposals.size()));
    }

    private List<Evaluator.Request> requests(List<Proposal> proposals) {
        List<Evaluator.Request> requests = new ArrayList<>();
        for (Proposal proposal : proposals) {
            requests.add(new Evaluator.Request(proposal.tokens(), trainingSeed, Evaluator.Effort.PROXY));
        }
        return requests;
    }

    private Trial trial(Proposal proposal, Evaluations.Result result, double controllerSeconds) {
        Outcome outcome = result.outcome();
        TokenSpace space = costs.space();
        TokenSpace.Size size = space.size(proposal.tokens());
        double cost = costs.of(proposal.tokens());
        return new Trial(
                journal.trials().size(),
                proposal.tokens(),
                space.describe(proposal.tokens()),
                trainingSeed,
                costs.reward().of(outcome.accuracy(), cost),
                outcome.accuracy(),
                size.parameters(),
                size.macs(),
                costs.reward().cost() == Reward.Kind.LATENCY ? cost : null,
                proposal.logProbability(),
                outcome.failure(),
                outcome.curve(),
                new Trial.Time(
                        outcome.time().seconds(),
                        outcome.time().processorSeconds(),
                        ProcessorTime.round(controllerSeconds),
                        result.cached()));
    }

    private void requireSame(Trial trial, Proposal proposal) {
        boolean same = trial.tokens().equals(proposal.tokens())
                && trial.seed() == trainingSeed
                && trial.reward()
                        == costs.reward()
                                .of(trial.accuracy(), trial.cost(costs.reward().cost()));
        if (!same) {
            throw new IllegalArgumentException(
                    "Trial %d of the journal is %s with reward %s, but this search proposes %s: the journal was begun with other settings or another version; use another run directory"
                            .formatted(trial.trial(), trial.tokens(), trial.reward(), proposal.tokens()));
        }
    }
}

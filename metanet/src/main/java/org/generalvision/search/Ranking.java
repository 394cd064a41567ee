package org.generalvision.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Orders of trials. */
public final class Ranking {
    private static final Comparator<Trial> BEST_FIRST =
            Comparator.comparingDouble(Trial::reward).reversed().thenComparingInt(Trial::trial);

    private Ranking() {}

    /** The trial with the highest reward; of equals the first; none if all failed. */
    public static Optional<Trial> best(List<Trial> trials) {
        return trials.stream().filter(trial -> trial.failure() == null).min(BEST_FIRST);
    }

    /** Reward of the best trial so far, after each trial. */
    public static List<Double> bestSoFar(List<Trial> trials) {
        List<Double> best = new ArrayList<>();
        for (Trial trial : trials) {
            best.add(best.isEmpty() ? trial.reward() : Math.max(best.get(best.size() - 1), trial.reward()));
        }
        return best;
    }

    /**
     * The Pareto front: the trials than which none is both as accurate and as cheap, and better in one of the two; cheapest
     * first, each candidate once.
     */
    public static List<Trial> front(List<Trial> trials, Reward.Kind cost) {
        List<Trial> byCost = distinct(trials).stream()
                .sorted(Comparator.<Trial>comparingDouble(trial -> trial.cost(cost))
                        .thenComparing(
                                Comparator.comparingDouble(Trial::accuracy).reversed()))
                .toList();
        List<Trial> front = new ArrayList<>();
        for (Trial trial : byCost) {
            if (front.isEmpty()
                    || trial.accuracy() > front.get(front.size() - 1).accuracy()) {
                front.add(trial);
            }
        }
        return front;
    }

    /** So many candidates, spread evenly over the ranks of those that did not fail, best first. */
    static List<Trial> spread(List<Trial> trials, int count) {
        List<Trial> ranked = distinct(trials).stream().sorted(BEST_FIRST).toList();
        int taken = Math.min(count, ranked.size());
        List<Trial> spread = new ArrayList<>();
        for (int i = 0; i < taken; i++) {
            int place = taken == 1 ? 0 : (int) Math.round((double) i * (ranked.size() - 1) / (taken - 1));
            spread.add(ranked.get(place));
        }
        return spread;
    }

    /** Each candidate that did not fail, once. */
    private static List<Trial> distinct(List<Trial> trials) {
        Map<Tokens, Trial> distinct = new LinkedHashMap<>();
        for (Trial trial : trials) {
            if (trial.failure() == null) {
                distinct.putIfAbsent(trial.tokens(), trial);
            }
        }
        return List.copyOf(distinct.values());
    }
}

package org.generalvision.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.generalvision.metric.MeanInterval;
import org.generalvision.metric.RankCorrelation;
import org.jspecify.annotations.Nullable;

/**
 * What came out of a search.
 *
 * @param cost what the reward counts
 * @param methods in the order PPO, random search, evolution; those that were run
 * @param front the Pareto front of accuracy and cost over all trials, cheapest first
 * @param longer how the proxy compares with longer training, or null if nothing was trained longer
 * @param controllerShare processor time of the search itself as a share of that of the trials that were trained
 */
public record SearchSummary(
        Reward.Kind cost,
        List<Method> methods,
        List<Network> front,
        @Nullable Longer longer,
        double controllerShare) {
    private static final int LAST = 4;

    /**
     * A way of searching.
     *
     * @param trials of all seeds
     * @param failed trials without accuracy
     * @param best of all seeds, or null if every trial failed
     * @param bestReward of each seed, its mean and 95 % interval
     * @param reward of all trials
     * @param lastReward of the last quarter of each seed's trials, which shows what was learned
     * @param secondsPerTrial mean wall clock of the trials that were trained, or null if none was
     */
    public record Method(
            Arm.Method method,
            int trials,
            int failed,
            @Nullable Network best,
            Figure bestReward,
            Figure reward,
            Figure lastReward,
            @Nullable Double secondsPerTrial) {}

    /** A mean and its 95 % interval, mean - halfWidth to mean + halfWidth; null for a single value. */
    public record Figure(double mean, @Nullable Double halfWidth, int count) {
        static Figure of(DoubleStream values) {
            MeanInterval interval = MeanInterval.of(values.toArray());
            return new Figure(
                    interval.mean(),
                    Double.isNaN(interval.halfWidth()) ? null : interval.halfWidth(),
                    interval.count());
        }
    }

    /** A trial's network. */
    public record Network(
            String search,
            int trial,
            double reward,
            double accuracy,
            double cost,
            long parameters,
            long macs,
            String architecture) {
        static Network of(String search, Trial trial, Reward.Kind cost) {
            return new Network(
                    search,
                    trial.trial(),
                    trial.reward(),
                    trial.accuracy(),
                    trial.cost(cost),
                    trial.parameters(),
                    trial.macs(),
                    trial.architecture());
        }
    }

    /** Rank correlation; null where all values are equal, so that nothing is ranked. */
    public record Longer(
            int candidates,
            @Nullable Double kendall,
            @Nullable Double spearman) {}

    /** Sums up. */
    public static SearchSummary of(List<Arm> arms, Reward.Kind cost, Optional<LongerTraining> longer) {
        List<Arm> begun = arms.stream().filter(arm -> !arm.trials().isEmpty()).toList();
        List<Method> methods = new ArrayList<>();
        for (Arm.Method method : Arm.Method.values()) {
            List<Arm> own = begun.stream().filter(arm -> arm.method() == method).toList();
            if (!own.isEmpty()) {
                methods.add(method(method, own, cost));
            }
        }
        return new SearchSummary(
                cost,
                methods,
                front(begun, cost),
                longer.map(SearchSummary::longer).orElse(null),
                controllerShare(begun));
    }

    private static Method method(Arm.Method method, List<Arm> arms, Reward.Kind cost) {
        List<Trial> all = arms.stream().flatMap(arm -> arm.trials().stream()).toList();
        Network best = arms.stream()
                .flatMap(arm -> Ranking.best(arm.trials()).map(trial -> Network.of(arm.name(), trial, cost)).stream())
                .max(Comparator.comparingDouble(Network::reward))
                .orElse(null);
        DoubleStream bests = arms.stream()
                .mapToDouble(
                        arm -> Ranking.best(arm.trials()).map(Trial::reward).orElse(0.0));
        DoubleStream last = arms.stream()
                .flatMap(arm ->
                        arm
                                .trials()
                                .subList(
                                        arm.trials().size() * (LAST - 1) / LAST,
                                        arm.trials().size())
                                .stream())
                .mapToDouble(Trial::reward);
        List<Trial> trained =
                all.stream().filter(trial -> !trial.time().cached()).toList();
        return new Method(
                method,
                all.size(),
                (int) all.stream().filter(trial -> trial.failure() != null).count(),
                best,
                Figure.of(bests),
                Figure.of(all.stream().mapToDouble(Trial::reward)),
                Figure.of(last),
                trained.isEmpty()
                        ? null
                        : trained.stream()
                                .mapToDouble(trial -> trial.time().seconds())
                                .average()
                                .orElseThrow());
    }

    private static List<Network> front(List<Arm> arms, Reward.Kind cost) {
        List<Trial> all = arms.stream().flatMap(arm -> arm.trials().stream()).toList();
        List<Network> front = new ArrayList<>();
        for (Trial trial : Ranking.front(all, cost)) {
            String search = arms.stream()
                    .filter(arm -> arm.trials().contains(trial))
                    .map(Arm::name)
                    .findFirst()
                    .orElse("");
            front.add(Network.of(search, trial, cost));
        }
        return front;
    }

    private static Longer longer(LongerTraining training) {
        if (training.candidates().size() < 2) {
            return new Longer(training.candidates().size(), null, null);
        }
        RankCorrelation correlation = training.correlation();
        boolean ranked = !Double.isNaN(correlation.kendall());
        return new Longer(
                correlation.count(), ranked ? correlation.kendall() : null, ranked ? correlation.spearman() : null);
    }

    private static double controllerShare(List<Arm> arms) {
        double controller = 0;
        double trained = 0;
        for (Arm arm : arms) {
            for (Trial trial : arm.trials()) {
                controller += trial.time().cached() ? 0 : trial.time().controllerProcessorSeconds();
                trained += trial.time().cached() ? 0 : trial.time().processorSeconds();
            }
        }
        return trained == 0 ? 0 : controller / trained;
    }
}

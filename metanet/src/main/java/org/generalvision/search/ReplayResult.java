package org.generalvision.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.generalvision.search.SearchSummary.Figure;

/**
 * What a {@link ReplayStudy} found. The true reward of a candidate is that without chance.
 *
 * @param trials of each search
 * @param seeds number of searches of each way
 * @param surrogate how well candidates outside of the table are known
 * @param methods in the order PPO, random search, evolution
 * @param differences of pairs of ways, seed by seed
 */
public record ReplayResult(int trials, int seeds, Fit surrogate, List<Method> methods, List<Difference> differences) {

    /** The surrogate: see {@link Surrogate.Quality}. */
    public record Fit(
            int candidates,
            double spearman,
            double kendall,
            double explained,
            double noise,
            Map<String, Double> weights) {}

    /**
     * A way of searching.
     *
     * @param best true reward of the truly best candidate tried
     * @param chosen true reward of the candidate that looked best, which is what a search hands over
     * @param distinct different candidates tried
     * @param curve mean of the best true reward after each trial
     */
    public record Method(Arm.Method method, Figure best, Figure chosen, Figure distinct, List<Double> curve) {}

    /**
     * A way of searching less another one.
     *
     * @param best difference of the best true rewards
     * @param chosen difference of the true rewards of what was chosen
     * @param wins share of the seeds with the larger best true reward
     */
    public record Difference(Arm.Method method, Arm.Method less, Figure best, Figure chosen, double wins) {}

    /** One search: best true reward after each trial, and the true reward of what it chose. */
    record Run(List<Double> best, double chosen, double distinct) {
        double last() {
            return best.get(best.size() - 1);
        }
    }

    static ReplayResult of(SearchConfig config, Surrogate.Quality quality, Map<Arm.Method, List<Run>> runs) {
        List<Method> methods = new ArrayList<>();
        runs.forEach((method, own) -> methods.add(new Method(
                method,
                figure(own, Run::last),
                figure(own, Run::chosen),
                figure(own, Run::distinct),
                curve(own, config.trials()))));
        List<Difference> differences = List.of(
                difference(Arm.Method.PPO, Arm.Method.RANDOM, runs),
                difference(Arm.Method.PPO, Arm.Method.EVOLUTION, runs),
                difference(Arm.Method.EVOLUTION, Arm.Method.RANDOM, runs));
        Fit fit = new Fit(
                quality.candidates(),
                quality.spearman(),
                quality.kendall(),
                quality.explained(),
                quality.noise(),
                quality.weights());
        return new ReplayResult(config.trials(), config.seeds().size(), fit, methods, differences);
    }

    private static Figure figure(List<Run> runs, ToDoubleFunction<Run> value) {
        return Figure.of(runs.stream().mapToDouble(value));
    }

    private static List<Double> curve(List<Run> runs, int trials) {
        return IntStream.range(0, trials)
                .mapToObj(i -> runs.stream()
                        .mapToDouble(run -> run.best().get(i))
                        .average()
                        .orElseThrow())
                .toList();
    }

    private static Difference difference(Arm.Method method, Arm.Method less, Map<Arm.Method, List<Run>> runs) {
        List<Run> own = runs.getOrDefault(method, List.of());
        List<Run> other = runs.getOrDefault(less, List.of());
        IntStream seeds = IntStream.range(0, own.size());
        return new Difference(
                method,
                less,
                Figure.of(IntStream.range(0, own.size())
                        .mapToDouble(i -> own.get(i).last() - other.get(i).last())),
                Figure.of(IntStream.range(0, own.size())
                        .mapToDouble(i -> own.get(i).chosen() - other.get(i).chosen())),
                seeds.filter(i -> own.get(i).last() > other.get(i).last()).count() / (double) own.size());
    }

    /** A line about the seeds so far. */
    static String progress(long seed, Map<Arm.Method, List<Run>> runs) {
        List<String> parts = new ArrayList<>();
        runs.forEach((method, own) -> parts.add(String.format(
                Locale.ROOT,
                "%s %.4f",
                method.label(),
                DoubleStream.of(own.stream().mapToDouble(Run::last).toArray())
                        .average()
                        .orElse(0))));
        return "seed %d done; mean best true reward: %s".formatted(seed, String.join(", ", parts));
    }
}

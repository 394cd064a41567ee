package org.generalvision.search.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.generalvision.report.Curves;
import org.generalvision.report.Figure;
import org.generalvision.report.Page;
import org.generalvision.report.Table;
import org.generalvision.search.Arm;
import org.generalvision.search.LongerTraining;
import org.generalvision.search.Position;
import org.generalvision.search.Ranking;
import org.generalvision.search.Reward;
import org.generalvision.search.SearchSummary;
import org.generalvision.search.Trial;

/**
 * The page of a search.
 *
 * @param name of the recipe
 * @param reward what was maximized
 * @param positions of the space
 * @param arms the searches, as far as they have come
 * @param longer candidates that were trained longer
 */
public record SearchPage(
        String name, Reward reward, List<Position> positions, List<Arm> arms, Optional<LongerTraining> longer) {
    private static final double FAR = 3;

    /** The result in a sentence or two. */
    public String lead(SearchSummary summary) {
        if (summary.methods().isEmpty()) {
            return "No trial has been made yet.";
        }
        List<String> parts = new ArrayList<>();
        for (SearchSummary.Method method : summary.methods()) {
            SearchSummary.Network best = method.best();
            parts.add(
                    best == null
                            ? "%s made %d trials, all of which failed"
                                    .formatted(method.method().words(), method.trials())
                            : "%s reached the reward %.4f (accuracy %.2f %% at %s) in %d trials"
                                    .formatted(
                                            method.method().words(),
                                            best.reward(),
                                            100 * best.accuracy(),
                                            cost(best.cost()),
                                            method.trials()));
        }
        return String.join("; ", parts) + ".";
    }

    /** Everything. */
    public Page page() {
        SearchSummary summary = SearchSummary.of(arms, reward.cost(), longer);
        Page page = new Page("Search: " + name, lead(summary));
        if (summary.methods().isEmpty()) {
            return page;
        }
        page.section("Best reward so far", rewardText(), bestSoFar())
                .section("Pareto front", frontText(), cloud(summary), frontTable(summary))
                .section("The searches compared", comparisonText(summary), comparison(summary));
        for (String property : List.of("operator", "downsampling")) {
            List<Figure> trends = new OperatorTrend(positions, arms).figures(property);
            if (!trends.isEmpty()) {
                page.section(
                        "What was tried: " + property + " by stage",
                        "Shares of the choices among the trials of PPO, in the order of the trials, from the first stage"
                                + " searched to the last.",
                        trends.toArray(Figure[]::new));
            }
        }
        longer.filter(training -> training.candidates().size() > 1)
                .ifPresent(training -> page.section("The proxy", longerText(summary), longerCloud(training)));
        return page.section("Time", timeText(summary));
    }

    private String rewardText() {
        return "Reward: accuracy * (%s / %s)^%s%s."
                .formatted(
                        reward.cost() == Reward.Kind.MACS ? "multiply-adds" : "latency",
                        cost(reward.target()),
                        reward.alpha(),
                        reward.limit() == null
                                ? ""
                                : "; candidates above %s are not trained".formatted(cost(reward.limit())));
    }

    private Curves bestSoFar() {
        return new Curves(
                "trial",
                "best reward so far",
                arms.stream()
                        .filter(arm -> !arm.trials().isEmpty())
                        .map(arm -> new Curves.Line(
                                arm.name(), count(arm.trials().size()), Ranking.bestSoFar(arm.trials())))
                        .toList());
    }

    private static List<Double> count(int size) {
        return IntStream.rangeClosed(1, size).mapToObj(i -> (double) i).toList();
    }

    private String frontText() {
        double floor = floor();
        long hidden = arms.stream()
                .flatMap(arm -> arm.trials().stream())
                .filter(trial -> trial.failure() == null && trial.accuracy() < floor)
                .count();
        return "Trials by accuracy and cost. On the front: no other trial is both as accurate and as cheap, and better in"
                + " one of the two."
                + (hidden == 0
                        ? ""
                        : String.format(Locale.ROOT, " %d below %.1f %% are not shown.", hidden, 100 * floor));
    }

    /** Accuracy below which a trial would squeeze all others together: three interquartile ranges below the lower quartile. */
    private double floor() {
        double[] sorted = arms.stream()
                .flatMap(arm -> arm.trials().stream())
                .filter(trial -> trial.failure() == null)
                .mapToDouble(Trial::accuracy)
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return 0;
        }
        double lower = sorted[sorted.length / 4];
        double upper = sorted[3 * sorted.length / 4];
        return lower - FAR * (upper - lower);
    }

    private Curves cloud(SearchSummary summary) {
        List<Curves.Line> lines = new ArrayList<>();
        double floor = floor();
        for (Arm.Method method : Arm.Method.values()) {
            List<Trial> trials = arms.stream()
                    .filter(arm -> arm.method() == method)
                    .flatMap(arm -> arm.trials().stream())
                    .filter(trial -> trial.failure() == null && trial.accuracy() >= floor)
                    .toList();
            if (!trials.isEmpty()) {
                lines.add(Curves.Line.cloud(
                        method.words(),
                        trials.stream()
                                .map(trial -> shown(trial.cost(reward.cost())))
                                .toList(),
                        trials.stream().map(trial -> 100 * trial.accuracy()).toList()));
            }
        }
        if (!summary.front().isEmpty()) {
            lines.add(new Curves.Line(
                    "front",
                    summary.front().stream()
                            .map(network -> shown(network.cost()))
                            .toList(),
                    summary.front().stream()
                            .map(network -> 100 * network.accuracy())
                            .toList()));
        }
        String unit = reward.cost() == Reward.Kind.MACS ? "million multiply-adds" : "milliseconds";
        return lines.isEmpty()
                ? new Curves(unit, "accuracy (%)", List.of(new Curves.Line("none", List.of(0.0), List.of(0.0))))
                : new Curves(unit, "accuracy (%)", lines);
    }

    private double shown(double cost) {
        return reward.cost() == Reward.Kind.MACS ? cost / 1e6 : cost;
    }

    private String cost(double cost) {
        return reward.cost() == Reward.Kind.MACS
                ? String.format(Locale.ROOT, "%.2f MMAC", cost / 1e6)
                : String.format(Locale.ROOT, "%.3f ms", cost);
    }

    private Table frontTable(SearchSummary summary) {
        List<List<String>> rows = new ArrayList<>();
        int best = -1;
        double highest = 0;
        for (SearchSummary.Network network : summary.front()) {
            if (network.reward() > highest) {
                highest = network.reward();
                best = rows.size();
            }
            rows.add(List.of(
                    network.search() + "/" + network.trial(),
                    String.format(Locale.ROOT, "%.2f %%", 100 * network.accuracy()),
                    cost(network.cost()),
                    String.format(Locale.ROOT, "%.0f k", network.parameters() / 1e3),
                    String.format(Locale.ROOT, "%.4f", network.reward()),
                    network.architecture()));
        }
        return new Table(List.of("trial", "accuracy", "cost", "parameters", "reward", "architecture"), rows, best);
    }

    private static String comparisonText(SearchSummary summary) {
        String intervals =
                "Means with 95 % intervals by Student's t: of the best reward over the seeds, of the reward over the"
                        + " trials, and over the last quarter of them, which shows what a search has learned.";
        boolean oneSeed = summary.methods().stream()
                .allMatch(method -> method.bestReward().count() == 1);
        return oneSeed
                ? intervals
                        + " With one seed there is no interval of the best: which search is better, one run cannot say."
                : intervals;
    }

    private static Table comparison(SearchSummary summary) {
        List<List<String>> rows = new ArrayList<>();
        for (SearchSummary.Method method : summary.methods()) {
            rows.add(List.of(
                    method.method().words(),
                    Integer.toString(method.trials()),
                    interval(method.bestReward()),
                    interval(method.reward()),
                    interval(method.lastReward()),
                    Integer.toString(method.failed())));
        }
        return new Table(
                List.of("search", "trials", "best reward", "reward of all", "reward of the last quarter", "failed"),
                rows,
                -1);
    }

    private static String interval(SearchSummary.Figure figure) {
        return figure.halfWidth() == null
                ? String.format(Locale.ROOT, "%.4f", figure.mean())
                : String.format(Locale.ROOT, "%.4f \u00b1 %.4f", figure.mean(), figure.halfWidth());
    }

    private static String longerText(SearchSummary summary) {
        SearchSummary.Longer figures = summary.longer();
        String question = "Candidates spread over the ranks of all trials, trained longer. ";
        return figures == null || figures.kendall() == null || figures.spearman() == null
                ? question + "All were equal in one of the two, so there are no ranks to compare."
                : question
                        + String.format(
                                Locale.ROOT,
                                "Rank correlation of the accuracy after a trial with that after longer training, over %d"
                                        + " candidates: Kendall's tau %.2f, Spearman's rho %.2f.",
                                figures.candidates(),
                                figures.kendall(),
                                figures.spearman());
    }

    private static Curves longerCloud(LongerTraining training) {
        return new Curves(
                "accuracy after a trial (%)",
                "after longer training (%)",
                List.of(Curves.Line.cloud(
                        "candidates",
                        training.candidates().stream().map(c -> 100 * c.proxy()).toList(),
                        training.candidates().stream()
                                .map(c -> 100 * c.longer())
                                .toList())));
    }

    private String timeText(SearchSummary summary) {
        double seconds = arms.stream()
                .flatMap(arm -> arm.trials().stream())
                .flatMapToDouble(trial -> trial.time().cached()
                        ? DoubleStream.empty()
                        : DoubleStream.of(trial.time().seconds()))
                .average()
                .orElse(0);
        return String.format(
                Locale.ROOT,
                "A trial took %.2f s in the mean. The searches themselves used %.3f %% of the processor time of the trials.",
                seconds,
                100 * summary.controllerShare());
    }
}

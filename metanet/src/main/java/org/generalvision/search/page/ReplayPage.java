package org.generalvision.search.page;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.generalvision.report.Curves;
import org.generalvision.report.Page;
import org.generalvision.report.Table;
import org.generalvision.search.Arm;
import org.generalvision.search.ReplayResult;
import org.generalvision.search.Reward;
import org.generalvision.search.SearchSummary;

/**
 * The page of a replay study.
 *
 * @param name of the recipe
 * @param reward what was maximized
 * @param result what was found
 */
public record ReplayPage(String name, Reward reward, ReplayResult result) {

    /** Everything. */
    public Page page() {
        return new Page("Replay: " + name, lead())
                .section("Best true reward so far", curvesText(), curves())
                .section(
                        "The searches",
                        "Means over the seeds with 95 % intervals by Student's t. Chosen is the candidate that looked best to the"
                                + " search, chance included; its true reward is what a search is good for.",
                        methods())
                .section(
                        "Differences",
                        "Seed by seed, with 95 % intervals: where zero lies outside, one way of searching is better than the other.",
                        differences())
                .section("The surrogate", surrogateText(), weights());
    }

    private String lead() {
        ReplayResult.Difference first = result.differences().get(0);
        double low = first.best().mean() - width(first.best());
        double high = first.best().mean() + width(first.best());
        String verdict = low > 0 ? "beats" : high < 0 ? "loses to" : "cannot be told from";
        return String.format(
                Locale.ROOT,
                "After %d trials and over %d seeds PPO %s random search: the best true reward differs by %s.",
                result.trials(),
                result.seeds(),
                verdict,
                interval(first.best(), true));
    }

    private static double width(SearchSummary.Figure figure) {
        return figure.halfWidth() == null ? Double.POSITIVE_INFINITY : figure.halfWidth();
    }

    private String curvesText() {
        return String.format(
                Locale.ROOT,
                "Mean over the seeds of the highest true reward among the trials so far. True means without the chance of one"
                        + " training. Reward: accuracy * (%s / %.3g)^%s.",
                reward.cost() == Reward.Kind.MACS ? "multiply-adds" : "latency",
                reward.target(),
                reward.alpha());
    }

    private Curves curves() {
        List<Double> trials = IntStream.rangeClosed(1, result.trials())
                .mapToObj(i -> (double) i)
                .toList();
        return new Curves(
                "trial",
                "best true reward so far",
                result.methods().stream()
                        .map(method -> new Curves.Line(method.method().words(), trials, method.curve()))
                        .toList());
    }

    private Table methods() {
        return new Table(
                List.of("search", "best true reward", "true reward of the chosen", "distinct candidates"),
                result.methods().stream()
                        .map(method -> List.of(
                                method.method().words(),
                                interval(method.best(), false),
                                interval(method.chosen(), false),
                                String.format(
                                        Locale.ROOT,
                                        "%.0f of %d",
                                        method.distinct().mean(),
                                        result.trials())))
                        .toList(),
                -1);
    }

    private Table differences() {
        return new Table(
                List.of("difference", "best true reward", "true reward of the chosen", "seeds ahead"),
                result.differences().stream()
                        .map(difference -> List.of(
                                words(difference.method(), difference.less()),
                                interval(difference.best(), true),
                                interval(difference.chosen(), true),
                                String.format(Locale.ROOT, "%.0f %%", 100 * difference.wins())))
                        .toList(),
                -1);
    }

    private static String words(Arm.Method method, Arm.Method less) {
        return method.words() + " less " + less.words();
    }

    private static String interval(SearchSummary.Figure figure, boolean signed) {
        String mean = String.format(Locale.ROOT, signed ? "%+.4f" : "%.4f", figure.mean());
        return figure.halfWidth() == null
                ? mean
                : String.format(Locale.ROOT, "%s \u00b1 %.4f", mean, figure.halfWidth());
    }

    private String surrogateText() {
        ReplayResult.Fit fit = result.surrogate();
        return String.format(
                Locale.ROOT,
                "A Gaussian process fitted to %d trained candidates answers for all others. Predicting each tenth of them from the"
                        + " rest, it ranks them with Spearman's rho %.3f and Kendall's tau %.3f and explains %.0f %% of the"
                        + " variance of accuracy; chance of %.4f is added to every answer. Its kernel weighs, in units of that"
                        + " chance:",
                fit.candidates(),
                fit.spearman(),
                fit.kendall(),
                100 * fit.explained(),
                fit.noise());
    }

    private Table weights() {
        return new Table(
                List.of("alike in", "weight"),
                result.surrogate().weights().entrySet().stream()
                        .map(entry -> List.of(entry.getKey(), String.format(Locale.ROOT, "%.2f", entry.getValue())))
                        .toList(),
                -1);
    }
}

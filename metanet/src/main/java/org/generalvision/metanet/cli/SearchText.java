package org.generalvision.metanet.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.generalvision.search.SearchSummary;

/** The summary of a search in lines for people. */
record SearchText(SearchSummary summary) {
    void print(PrintWriter out) {
        for (SearchSummary.Method method : summary.methods()) {
            out.printf(
                    Locale.ROOT,
                    "%s: %d trials, %d failed, best reward %s, last quarter %s%s%n",
                    method.method().words(),
                    method.trials(),
                    method.failed(),
                    figure(method.bestReward()),
                    figure(method.lastReward()),
                    method.secondsPerTrial() == null
                            ? ""
                            : String.format(Locale.ROOT, ", %.2f s a trial", method.secondsPerTrial()));
        }
        out.println("Pareto front:");
        for (SearchSummary.Network network : summary.front()) {
            out.printf(
                    Locale.ROOT,
                    "  %5.2f %%  %-22s reward %.4f  %s/%d  %s%n",
                    100 * network.accuracy(),
                    summary.cost().words(network.cost()),
                    network.reward(),
                    network.search(),
                    network.trial(),
                    network.architecture());
        }
        SearchSummary.Longer longer = summary.longer();
        if (longer != null && longer.kendall() != null && longer.spearman() != null) {
            out.printf(
                    Locale.ROOT,
                    "trial against longer training, %d candidates: Kendall %.2f, Spearman %.2f%n",
                    longer.candidates(),
                    longer.kendall(),
                    longer.spearman());
        }
        out.printf(
                Locale.ROOT,
                "the searches themselves took %.2f %% of the trials' processor time%n",
                100 * summary.controllerShare());
    }

    private static String figure(SearchSummary.Figure figure) {
        return figure.halfWidth() == null
                ? String.format(Locale.ROOT, "%.4f", figure.mean())
                : String.format(Locale.ROOT, "%.4f +- %.4f", figure.mean(), figure.halfWidth());
    }
}

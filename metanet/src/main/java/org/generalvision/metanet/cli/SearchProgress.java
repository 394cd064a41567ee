package org.generalvision.metanet.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.generalvision.search.Ranking;
import org.generalvision.search.Reward;
import org.generalvision.search.SearchWatch;
import org.generalvision.search.Trial;
import org.jspecify.annotations.Nullable;

/**
 * A search on standard error: a bar on a terminal, else a line every ten seconds and for each new best; both with the last
 * trial, the best so far, the Pareto front and the time left.
 */
final class SearchProgress implements SearchWatch {
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MINUTE = 60;

    private final Reward.Kind cost;
    private final int total;
    private final PrintStream error;
    private final LongSupplier clock;
    private final @Nullable ProgressBar bar;
    private final List<Trial> all = new ArrayList<>();
    private final List<Trial> own = new ArrayList<>();
    private String name = "";
    private int budget;
    private int made;
    private long since;
    private long lastLine;

    /**
     * Begins.
     *
     * @param total trials of all ways of searching with all seeds
     * @param cost what the reward counts
     * @param clock nanoseconds
     */
    SearchProgress(int total, Reward.Kind cost, PrintStream error, boolean terminal, LongSupplier clock) {
        this.total = total;
        this.cost = cost;
        this.error = error;
        this.clock = clock;
        since = clock.getAsLong();
        lastLine = since;
        bar = terminal
                ? new ProgressBarBuilder()
                        .setTaskName("search")
                        .setInitialMax(total)
                        .setUnit(" trials", 1)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setConsumer(new ConsoleProgressBarConsumer(error))
                        .build()
                : null;
    }

    @Override
    public void begin(String arm, int trials) {
        name = arm;
        budget = trials;
        own.clear();
    }

    @Override
    public void restored(Trial trial) {
        add(trial);
        since = clock.getAsLong();
        if (bar != null) {
            bar.step();
        }
    }

    @Override
    public void trial(Trial trial) {
        boolean best = own.isEmpty()
                || trial.reward()
                        > own.stream().mapToDouble(Trial::reward).max().orElse(0);
        add(trial);
        made++;
        if (bar != null) {
            bar.step();
            bar.setExtraMessage(bestAndFront());
            return;
        }
        long now = clock.getAsLong();
        if (best || now - lastLine >= LINE_NANOS || own.size() == budget) {
            lastLine = now;
            error.println(line(trial, now));
        }
    }

    private void add(Trial trial) {
        own.add(trial);
        all.add(trial);
    }

    private String line(Trial trial, long now) {
        double perTrial = (now - since) / 1e9 / made;
        return String.format(
                Locale.ROOT,
                "%s: %d of %d trials, %s, %s, %.1f s a trial, %s left",
                name,
                own.size(),
                budget,
                result(trial),
                bestAndFront(),
                perTrial,
                duration(perTrial * (total - all.size())));
    }

    private String result(Trial trial) {
        return trial.failure() == null
                ? String.format(
                        Locale.ROOT,
                        "reward %.4f (accuracy %.2f %%, %s)",
                        trial.reward(),
                        100 * trial.accuracy(),
                        cost.words(trial.cost(cost)))
                : "failed (" + trial.failure() + ")";
    }

    private String bestAndFront() {
        String best = Ranking.best(own)
                .map(trial -> String.format(Locale.ROOT, "best %.4f (%s/%d)", trial.reward(), name, trial.trial()))
                .orElse("no best yet");
        List<Trial> front = Ranking.front(all, cost);
        return front.isEmpty() ? best : best + ", " + frontWords(front);
    }

    private String frontWords(List<Trial> front) {
        Trial cheapest = front.get(0);
        Trial dearest = front.get(front.size() - 1);
        return String.format(
                Locale.ROOT,
                "front of %d from %.1f %% at %s to %.1f %% at %s",
                front.size(),
                100 * cheapest.accuracy(),
                cost.words(cheapest.cost(cost)),
                100 * dearest.accuracy(),
                cost.words(dearest.cost(cost)));
    }

    private static String duration(double seconds) {
        return seconds < 2 * MINUTE
                ? String.format(Locale.ROOT, "%.0f s", seconds)
                : String.format(Locale.ROOT, "%.0f min", seconds / MINUTE);
    }

    @Override
    public void note(String message) {
        error.println((bar == null ? "" : System.lineSeparator()) + "search: " + message);
    }

    /** The search has ended, one way or another. */
    void end() {
        if (bar != null) {
            bar.close();
        }
    }
}

package org.generalvision.metanet.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.generalvision.train.Progress;
import org.jspecify.annotations.Nullable;

/**
 * A training run on standard error: a bar on a terminal, else a plain line every ten seconds; both with the time left, images
 * per second, the share of time spent waiting for data, memory, and the loss.
 */
public final class TrainProgress implements Progress {
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String task;
    private final PrintStream error;
    private final boolean terminal;
    private @Nullable ProgressBar bar;
    private long lastLine;

    private TrainProgress(String task, PrintStream error, boolean terminal) {
        this.task = task;
        this.error = error;
        this.terminal = terminal;
    }

    /**
     * Progress on standard error.
     *
     * @param task what is trained, such as the recipe's name
     */
    public static TrainProgress onStandardError(String task) {
        return new TrainProgress(task, System.err, terminal());
    }

    static TrainProgress on(String task, PrintStream error, boolean terminal) {
        return new TrainProgress(task, error, terminal);
    }

    /** Only the shell knows of standard error alone: the launcher says it; else both other streams must be a terminal. */
    @SuppressWarnings("SystemConsoleNull") // From Java 22 on there is always a console; then a bar is drawn in excess.
    static boolean terminal() {
        String said = System.getProperty("gv.terminal");
        return said == null ? System.console() != null : Boolean.parseBoolean(said);
    }

    @Override
    public void begin(long firstStep, long steps) {
        lastLine = System.nanoTime();
        if (terminal) {
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .startsFrom(firstStep, java.time.Duration.ZERO)
                    .setInitialMax(steps)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setConsumer(new ConsoleProgressBarConsumer(error))
                    .build();
        } else if (firstStep > 0) {
            note("continues after step " + firstStep + " of " + steps);
        }
    }

    @Override
    public void step(Report report) {
        if (bar != null) {
            bar.stepTo(report.step());
            bar.setExtraMessage(figures(report));
            return;
        }
        long now = System.nanoTime();
        if (now - lastLine >= LINE_NANOS || report.step() == report.steps()) {
            lastLine = now;
            error.printf(
                    Locale.ROOT,
                    "%s: step %d of %d, %s, %.0f s left%n",
                    task,
                    report.step(),
                    report.steps(),
                    figures(report),
                    report.secondsLeft());
        }
    }

    private static String figures(Report report) {
        Double loss = report.metrics().get("loss");
        return String.format(
                Locale.ROOT,
                "%s%.0f images/s, %.1f %% data wait, %.1f GB",
                loss == null ? "" : String.format(Locale.ROOT, "loss %.4f, ", loss),
                report.imagesPerSecond(),
                100 * report.dataWait(),
                report.residentBytes() / 1e9);
    }

    @Override
    public void note(String message) {
        error.println((bar == null ? "" : System.lineSeparator()) + task + ": " + message);
    }

    @Override
    public void end() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}

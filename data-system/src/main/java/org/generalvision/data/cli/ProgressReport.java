package org.generalvision.data.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Progress of long work on standard error: a bar with the time left on a terminal, else a plain line now and then. For use by
 * one thread.
 */
public final class ProgressReport implements AutoCloseable {
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String task;
    private final String unit;
    private final long total;
    private final PrintStream error;
    private final @Nullable ProgressBar bar;
    private final long start = System.nanoTime();
    private long lastLine = start;
    private long done;

    private ProgressReport(String task, long total, String unit, PrintStream error, boolean terminal) {
        this.task = task;
        this.unit = unit;
        this.total = total;
        this.error = error;
        bar = terminal ? bar(task, total, unit, error) : null;
    }

    /**
     * Begins a report.
     *
     * @param task what is being done, for example {@code "Building animals"}
     * @param total steps in all, negative if nobody knows
     * @param unit what a step is, in the plural
     */
    public static ProgressReport start(String task, long total, String unit) {
        return start(task, total, unit, System.err, terminal());
    }

    /** Only the shell knows of standard error alone: the launcher says it; else both other streams must be a terminal. */
    @SuppressWarnings("SystemConsoleNull") // From Java 22 on there is always a console; then a bar is drawn in excess.
    private static boolean terminal() {
        String said = System.getProperty("gv.terminal");
        return said == null ? System.console() != null : Boolean.parseBoolean(said);
    }

    static ProgressReport start(String task, long total, String unit, PrintStream error, boolean terminal) {
        return new ProgressReport(task, total, unit, error, terminal);
    }

    /** One more step is done. */
    public void step() {
        done++;
        if (bar != null) {
            bar.step();
            return;
        }
        long now = System.nanoTime();
        if (now - lastLine >= LINE_NANOS) {
            lastLine = now;
            double rate = done / seconds(now - start);
            line(total < 0 ? rate(rate) : "%s, %d s left".formatted(rate(rate), (long) ((total - done) / rate)));
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        } else {
            double seconds = seconds(System.nanoTime() - start);
            line("%s, took %.1f s".formatted(rate(done / seconds), seconds));
        }
    }

    private void line(String rest) {
        String count = total < 0 ? Long.toString(done) : done + " of " + total;
        error.printf(Locale.ROOT, "%s: %s %s, %s%n", task, count, unit, rest);
    }

    private String rate(double perSecond) {
        return String.format(Locale.ROOT, "%.0f %s/s", perSecond, unit);
    }

    private static double seconds(long nanos) {
        return Math.max(nanos, 1) / 1e9;
    }

    private static ProgressBar bar(String task, long total, String unit, PrintStream error) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(" " + unit, 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(error))
                .showSpeed()
                .build();
    }
}

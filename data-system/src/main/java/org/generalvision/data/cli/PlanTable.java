package org.generalvision.data.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.generalvision.data.plan.Plan;
import org.generalvision.data.plan.Step;

/** Plans as tables for people. */
record PlanTable(PrintWriter output) {
    private static final String ROW = "%-34s %10s %10s %10s %9s %9s %9s %9s %9s%n";
    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};

    void print(Plan plan) {
        output.printf(
                Locale.ROOT,
                "%n%,d records of %,.0f bytes, %d cores: %,d shards of %s, %s in all, manifest %s%n",
                plan.scale().records(),
                plan.scale().bytesPerRecord(),
                plan.scale().cores(),
                plan.shards(),
                bytes(plan.scale().shardBytes()),
                bytes(plan.diskBytes()),
                bytes(plan.manifestBytes()));
        output.printf(
                ROW, "step", "core time", "of it on 1", "wall time", "reads", "keeps", "spills", "shuffles", "memory");
        for (Step step : plan.steps()) {
            if (step.impossible() != null) {
                output.printf("%-34s not possible, see below%n", step.name());
            } else {
                print(step);
            }
        }
        plan.limits().forEach(limit -> output.println("! " + limit));
    }

    private void print(Step step) {
        output.printf(
                ROW,
                step.name(),
                time(step.coreHours()),
                time(step.serialCoreHours()),
                time(step.wallHours()),
                bytes(step.readBytes()),
                bytes(step.diskBytes()),
                bytes(step.temporaryBytes()),
                bytes(step.shuffleBytes()),
                bytes(step.memoryBytes()));
    }

    static String time(double hours) {
        double seconds = hours * 3600;
        if (seconds == 0) {
            return "-";
        }
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.2g s", seconds);
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%.1f min", seconds / 60);
        }
        return String.format(Locale.ROOT, hours < 1000 ? "%.1f h" : "%,.0f h", hours);
    }

    static String bytes(long bytes) {
        if (bytes == 0) {
            return "-";
        }
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, value < 9.95 && unit > 0 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
    }
}

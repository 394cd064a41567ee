package org.generalvision.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** How fast a run or another pass over images goes, over the last half minute. */
public final class Pace {
    private static final long WINDOW_NANOS = 30_000_000_000L;

    private final Deque<Mark> marks = new ArrayDeque<>();
    private final long steps;
    private final LongSupplier nanoTime;
    private final Mark start;
    private long samples;

    private record Mark(long nanos, long step, long samples, double waitSeconds) {}

    /**
     * Starts the clock.
     *
     * @param step steps done
     * @param steps of the whole run
     * @param waitSeconds seconds waited for data until now
     * @param nanoTime a clock such as {@code System::nanoTime}
     */
    public Pace(long step, long steps, double waitSeconds, LongSupplier nanoTime) {
        this.steps = steps;
        this.nanoTime = nanoTime;
        start = new Mark(nanoTime.getAsLong(), step, 0, waitSeconds);
        marks.add(start);
    }

    /** Notes that a step is done and tells how it goes. */
    public Progress.Report report(long step, int batchSamples, double waitSeconds, SortedMap<String, Double> metrics) {
        samples += batchSamples;
        Mark now = new Mark(nanoTime.getAsLong(), step, samples, waitSeconds);
        while (marks.size() > 1 && now.nanos - marks.getFirst().nanos > WINDOW_NANOS) {
            marks.removeFirst();
        }
        Mark then = marks.getFirst();
        marks.add(now);
        double seconds = Math.max(1e-9, (now.nanos - then.nanos) / 1e9);
        return new Progress.Report(
                step,
                steps,
                (now.samples - then.samples) / seconds,
                Math.min(1, (now.waitSeconds - then.waitSeconds) / seconds),
                seconds / Math.max(1, now.step - then.step) * (steps - step),
                residentBytes(),
                metrics);
    }

    /** The figures of a report that go to the timing log; those in seconds count from the start of the clock. */
    Map<String, Double> timing(Progress.Report report) {
        Mark now = marks.getLast();
        return Map.of(
                "time/seconds",
                (now.nanos - start.nanos) / 1e9,
                "time/dataWaitSeconds",
                now.waitSeconds - start.waitSeconds,
                "time/imagesPerSecond",
                report.imagesPerSecond(),
                "time/dataWait",
                report.dataWait(),
                "time/residentMegabytes",
                report.residentBytes() / 1e6);
    }

    /** Resident memory of this process where the system tells (Linux), else 0. */
    static long residentBytes() {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}

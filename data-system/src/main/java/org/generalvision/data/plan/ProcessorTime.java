package org.generalvision.data.plan;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * Measures the processor time of the calling thread, so that what other processes take does not count: the median of some rounds, each
 * long enough to be measured, after one that warms up.
 */
final class ProcessorTime {
    private static final int ROUNDS = 5;
    private static final int MOST_RUNS = 10_000;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final long roundNanos;
    private long threadNanos;
    private long processNanos;

    /**
     * A watch.
     *
     * @param roundNanos how long a round runs at least
     */
    ProcessorTime(long roundNanos) {
        this.roundNanos = roundNanos;
    }

    /** What is measured. */
    interface Work {
        void run() throws IOException;

        /** Makes ready for another run; not measured. */
        default void reset() throws IOException {}
    }

    /** Seconds that one run takes. */
    double seconds(Work work) throws IOException {
        int runs = (int) Math.min(MOST_RUNS, 1 + roundNanos / Math.max(1, nanos(work, 1)));
        nanos(work, runs);
        double[] rounds = new double[ROUNDS];
        long threadBegin = threads.getCurrentThreadCpuTime();
        long processBegin = process.getProcessCpuTime();
        for (int round = 0; round < ROUNDS; round++) {
            rounds[round] = nanos(work, runs) / 1e9 / runs;
        }
        threadNanos += threads.getCurrentThreadCpuTime() - threadBegin;
        processNanos += process.getProcessCpuTime() - processBegin;
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private long nanos(Work work, int runs) throws IOException {
        long nanos = 0;
        for (int run = 0; run < runs; run++) {
            long begin = threads.getCurrentThreadCpuTime();
            work.run();
            nanos += threads.getCurrentThreadCpuTime() - begin;
            work.reset();
        }
        return nanos;
    }

    /** Processor time of the process over that of the measuring thread, at least 1, while measured rounds ran. */
    double overhead() {
        return Math.max(1, (double) processNanos / Math.max(1, threadNanos));
    }
}

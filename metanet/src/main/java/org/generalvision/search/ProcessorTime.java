package org.generalvision.search;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** A stopwatch for processor time and wall clock. */
public final class ProcessorTime {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final double processor = processorSeconds();
    private final long wall = System.nanoTime();

    /** Processor time of all threads of this process, those of the engine among them. */
    static double processorSeconds() {
        return SYSTEM.getProcessCpuTime() / 1e9;
    }

    /** What has passed since this was made. */
    public Outcome.Time elapsed() {
        return new Outcome.Time(round((System.nanoTime() - wall) / 1e9), round(processorSeconds() - processor));
    }

    /** To microseconds: more digits say nothing. */
    static double round(double seconds) {
        return Math.rint(seconds * 1e6) / 1e6;
    }
}

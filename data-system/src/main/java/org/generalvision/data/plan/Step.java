package org.generalvision.data.plan;

import org.jspecify.annotations.Nullable;

/**
 * One step of a plan.
 *
 * @param name what runs
 * @param coreHours processor time in all
 * @param serialCoreHours part of it that runs on one core whatever their number
 * @param wallHours with the cores of the plan, if reading and writing keep up
 * @param readBytes read from the source or from shards
 * @param diskBytes written and kept
 * @param temporaryBytes written and removed
 * @param shuffleBytes sent between processes
 * @param memoryBytes peak of one process, heap and native; pages of mapped files, which the system can drop, not counted
 * @param impossible why it cannot be done at this size, or null; its figures are 0 then
 */
public record Step(
        String name,
        double coreHours,
        double serialCoreHours,
        double wallHours,
        long readBytes,
        long diskBytes,
        long temporaryBytes,
        long shuffleBytes,
        long memoryBytes,
        @Nullable String impossible) {
    private static final double SECONDS_PER_HOUR = 3600;

    /** A step that cannot be done. */
    static Step impossible(String name, String reason) {
        return new Step(name, 0, 0, 0, 0, 0, 0, 0, 0, reason);
    }

    /** A step of which nothing is known yet. */
    static Builder of(String name) {
        return new Builder(name);
    }

    /** Gathers what a step takes; what is not named is 0. */
    static final class Builder {
        private final String name;
        private double serialSeconds;
        private double parallelSeconds;
        private double read;
        private double disk;
        private double temporary;
        private double shuffle;
        private double memory;

        private Builder(String name) {
            this.name = name;
        }

        Builder serial(double seconds) {
            serialSeconds += seconds;
            return this;
        }

        Builder parallel(double seconds) {
            parallelSeconds += seconds;
            return this;
        }

        Builder reads(double bytes) {
            read += bytes;
            return this;
        }

        Builder keeps(double bytes) {
            disk += bytes;
            return this;
        }

        Builder spills(double bytes) {
            temporary += bytes;
            return this;
        }

        Builder shuffles(double bytes) {
            shuffle += bytes;
            return this;
        }

        Builder holds(double bytes) {
            memory += bytes;
            return this;
        }

        Step on(int cores) {
            return new Step(
                    name,
                    (serialSeconds + parallelSeconds) / SECONDS_PER_HOUR,
                    serialSeconds / SECONDS_PER_HOUR,
                    (serialSeconds + parallelSeconds / cores) / SECONDS_PER_HOUR,
                    Math.round(read),
                    Math.round(disk),
                    Math.round(temporary),
                    Math.round(shuffle),
                    Math.round(memory),
                    null);
        }
    }
}

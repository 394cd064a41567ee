package org.generalvision.train;

import java.util.List;

/**
 * The factor of the learning rate at a step. During the first {@code warmup} steps it rises linearly: (step + 1) / warmup.
 */
public sealed interface Schedule {
    /** Steps at the start during which the factor rises. */
    long warmup();

    /** The factor after the warm-up; {@code progress} runs from 0 at its end towards 1 at the end of the run. */
    double afterWarmup(long step, double progress);

    /**
     * The factor at a step.
     *
     * @param step from 0
     * @param steps of the whole run
     */
    default double at(long step, long steps) {
        if (step < warmup()) {
            return (step + 1.0) / warmup();
        }
        return afterWarmup(step, (double) (step - warmup()) / Math.max(1, steps - warmup()));
    }

    /** 1 throughout. */
    record Constant(long warmup) implements Schedule {
        public Constant {
            Check.notNegative("schedule.warmup", warmup);
        }

        @Override
        public double afterWarmup(long step, double progress) {
            return 1;
        }
    }

    /** Multiplied by {@code factor} at each of the given steps. */
    record Steps(long warmup, List<Long> at, double factor) implements Schedule {
        public Steps {
            Check.notNegative("schedule.warmup", warmup);
            Check.positive("schedule.factor", factor);
            at = List.copyOf(at);
        }

        @Override
        public double afterWarmup(long step, double progress) {
            return Math.pow(factor, (double) at.stream().filter(s -> step >= s).count());
        }
    }

    /**
     * Half a cosine from 1 down to {@code floor}: Loshchilov and Hutter, "SGDR" (2017), equation 5, without restarts.
     *
     * @param floor share of the learning rate at the end, from 0 up to but not 1
     */
    record Cosine(long warmup, double floor) implements Schedule {
        public Cosine {
            Check.notNegative("schedule.warmup", warmup);
            Check.fraction("schedule.floor", floor);
        }

        @Override
        public double afterWarmup(long step, double progress) {
            return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
        }
    }

    /** (1 - progress) to the given power, down to {@code floor}. */
    record Poly(long warmup, double power, double floor) implements Schedule {
        public Poly {
            Check.notNegative("schedule.warmup", warmup);
            Check.positive("schedule.power", power);
            Check.fraction("schedule.floor", floor);
        }

        @Override
        public double afterWarmup(long step, double progress) {
            return floor + (1 - floor) * Math.pow(1 - Math.min(1, progress), power);
        }
    }
}

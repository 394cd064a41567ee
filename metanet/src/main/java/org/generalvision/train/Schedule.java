package org.generalvision.train;

import java.util.List;

/**
 * The factor of the learning rate at a step. During the first {@code warmup} steps it rises linearly to 1: (step + 1) / warmup,
 * if a kind does not say where it begins.
 */
public sealed interface Schedule {
    /** Steps at the start during which the factor rises. */
    long warmup();

    /** The factor during the warm-up, of which step 0 is the first and {@code warmup - 1} the last. */
    default double duringWarmup(long step) {
        return (step + 1.0) / warmup();
    }

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
            return duringWarmup(step);
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

    /**
     * {@link Cosine} whose warm-up begins at a share of the learning rate, as that of Sense-GVT/DeCLIP does (scheduler.py: from
     * {@code base_lr} at the first step to {@code warmup_lr} at the last of the warm-up).
     *
     * @param start share of the learning rate at step 0, from 0 up to but not 1
     * @param warmup 0 for none, or at least 2 steps, of which the last has the whole rate
     * @param floor share of the learning rate at the end, from 0 up to but not 1
     */
    record WarmCosine(double start, long warmup, double floor) implements Schedule {
        public WarmCosine {
            Check.fraction("schedule.start", start);
            Check.notNegative("schedule.warmup", warmup);
            if (warmup == 1) {
                throw new IllegalArgumentException(
                        "schedule.warmup must be 0 or at least 2, one step at start and one at the whole rate: 1");
            }
            Check.fraction("schedule.floor", floor);
        }

        @Override
        public double duringWarmup(long step) {
            return start + (1 - start) * step / (warmup - 1);
        }

        @Override
        public double afterWarmup(long step, double progress) {
            return new Cosine(warmup, floor).afterWarmup(step, progress);
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

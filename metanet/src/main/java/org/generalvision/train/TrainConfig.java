package org.generalvision.train;

import java.util.List;
import org.generalvision.nn.Precision;

/**
 * How one stage is trained. Every value changes the result or the files that are left behind, so each has its key in the
 * recipe.
 *
 * @param seed what every random draw of the training derives from
 * @param steps optimizer steps of the whole run
 * @param accumulation batches whose gradients are averaged before one step
 * @param precision number format of convolutions, linear maps and attention products
 * @param device {@code auto} (the first GPU if there is one), {@code cpu} or {@code gpu:0}
 * @param optimizer what moves the parameters
 * @param schedule factor of the learning rate over the run
 * @param clipNorm largest Euclidean norm of all gradients together; 0 leaves them as they are
 * @param emaDecay decay of the moving average of the weights that evaluation uses; 0 keeps none
 * @param freeze patterns (see {@link PathPattern}) of layers that are not trained; each must match a layer
 * @param logEvery steps between two lines of metrics
 * @param evaluateEvery steps between two evaluations; the last step is always evaluated
 * @param saveEvery steps between two checkpoints; the last step is always saved
 * @param keep which checkpoints stay
 */
public record TrainConfig(
        long seed,
        long steps,
        int accumulation,
        Precision precision,
        String device,
        OptimizerConfig optimizer,
        Schedule schedule,
        double clipNorm,
        double emaDecay,
        List<String> freeze,
        long logEvery,
        long evaluateEvery,
        long saveEvery,
        Keep keep) {
    public TrainConfig {
        Check.positive("steps", steps);
        Check.positive("accumulation", accumulation);
        Check.positive("logEvery", logEvery);
        Check.positive("evaluateEvery", evaluateEvery);
        Check.positive("saveEvery", saveEvery);
        Check.notNegative("clipNorm", clipNorm);
        Check.fraction("emaDecay", emaDecay);
        ComputeDevice.check(device);
        freeze = List.copyOf(freeze);
        freeze.forEach(PathPattern::of);
    }

    /**
     * Whether something is done after a step: every so many steps, and after the last one.
     *
     * @param stepsDone with that step
     */
    boolean due(long every, long stepsDone) {
        return stepsDone % every == 0 || stepsDone == steps;
    }

    /** Whether a pattern of {@code freeze} matches the path of a layer itself, not only of one that it is in. */
    public boolean freezes(String path) {
        return freeze.stream().anyMatch(pattern -> PathPattern.of(pattern).matches(path));
    }

    /** The same settings with other frozen layers. */
    public TrainConfig withFreeze(List<String> layers) {
        return with(seed, steps, layers);
    }

    /** The same settings with another seed. */
    public TrainConfig withSeed(long other) {
        return with(other, steps, freeze);
    }

    /** The same settings for another number of steps. */
    public TrainConfig withSteps(long count) {
        return with(seed, count, freeze);
    }

    private TrainConfig with(long newSeed, long newSteps, List<String> newFreeze) {
        return new TrainConfig(
                newSeed,
                newSteps,
                accumulation,
                precision,
                device,
                optimizer,
                schedule,
                clipNorm,
                emaDecay,
                newFreeze,
                logEvery,
                evaluateEvery,
                saveEvery,
                keep);
    }

    /**
     * Which checkpoints stay when a newer one is complete.
     *
     * @param newest how many of the newest, at least 1
     * @param bestMetric name of the evaluation metric whose best checkpoint stays as well; empty for none
     * @param largerIsBetter which way that metric is read
     */
    public record Keep(int newest, String bestMetric, boolean largerIsBetter) {
        public Keep {
            Check.positive("keep.newest", newest);
        }

        /** The newest checkpoints alone. */
        public static Keep newest(int count) {
            return new Keep(count, "", true);
        }
    }
}

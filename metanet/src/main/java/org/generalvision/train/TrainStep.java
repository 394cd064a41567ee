package org.generalvision.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import com.google.common.collect.Maps;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Pass;
import org.jspecify.annotations.Nullable;

/**
 * One training step of one objective: zero, forward, losses, backward, check, clip, update. This is the only class that runs
 * a backward pass and the optimizer.
 */
final class TrainStep {
    private final TrainConfig config;
    private final Objective objective;
    private final int number;
    private final TrainedParameters parameters;
    private final Optimizer optimizer;
    private final @Nullable MovingAverage average;

    /**
     * A step at the start of a training.
     *
     * @param number which of the run's objectives this is, from 0
     * @param manager owner of gradients, optimizer state and average
     */
    TrainStep(TrainConfig config, Objective objective, int number, NDManager manager) {
        this.config = config;
        this.objective = objective;
        this.number = number;
        parameters = TrainedParameters.of(objective.model(), manager);
        optimizer = new Optimizer(config.optimizer(), parameters, manager);
        average = config.emaDecay() == 0 ? null : new MovingAverage(parameters.arrays(), config.emaDecay(), manager);
    }

    /**
     * Trains on the batches of one step, whose gradients are averaged.
     *
     * @param step from 0
     * @return the losses, {@code gradientNorm} before clipping and {@code learningRate}, by name; where the step is logged and its
     *     batches belong to different tasks, the norms and cosines of {@link PartGradients#figures} too
     * @throws NotFinite before anything has moved, if the loss or the gradient is NaN or infinite
     */
    SortedMap<String, Double> run(long step, List<Batch> batches) {
        SortedMap<String, Double> metrics = backward(step, batches);
        if (config.clipNorm() > 0) {
            parameters.clip(Objects.requireNonNull(metrics.get("gradientNorm")), config.clipNorm());
        }
        double factor = config.schedule().at(step, config.steps());
        metrics.put("learningRate", config.optimizer().learningRate() * factor);
        optimizer.update(factor);
        if (average != null) {
            average.update();
        }
        objective.afterUpdate(step);
        return metrics;
    }

    /** The first half of a step: losses and gradients, checked. */
    SortedMap<String, Double> backward(long step, List<Batch> batches) {
        parameters.zeroGradients();
        SortedMap<String, Double> metrics = new TreeMap<>();
        if (measuresParts(step, batches)) {
            try (PartGradients parts = new PartGradients(parameters.gradients())) {
                for (int i = 0; i < batches.size(); i++) {
                    int batch = i;
                    parts.measure(objective.part(batches.get(i)), () -> accumulate(step, batches, batch, metrics));
                }
                metrics.putAll(parts.figures());
            }
        } else {
            for (int i = 0; i < batches.size(); i++) {
                accumulate(step, batches, i, metrics);
            }
        }
        metrics.put("gradientNorm", parameters.gradientNorm());
        if (!metrics.values().stream().allMatch(Double::isFinite)) {
            throw new NotFinite(step, number, metrics, parameters.brokenGradients());
        }
        return metrics;
    }

    /** Whether the step is logged and its batches belong to different tasks. */
    private boolean measuresParts(long step, List<Batch> batches) {
        return config.due(config.logEvery(), step + 1)
                && batches.stream().map(objective::part).distinct().count() > 1;
    }

    TrainedParameters parameters() {
        return parameters;
    }

    /** The live state by name: that of the optimizer, and the averages under {@code average.}. */
    SortedMap<String, NDArray> state() {
        SortedMap<String, NDArray> state = new TreeMap<>();
        optimizer.state().forEach((name, array) -> state.put("optimizer." + name, array));
        if (average != null) {
            average.state().forEach((path, array) -> state.put(Checkpoint.AVERAGE + path, array));
        }
        return state;
    }

    void swapAverage() {
        if (average != null) {
            average.swap();
        }
    }

    void restartAverage() {
        if (average != null) {
            average.restart();
        }
    }

    /** Forward and backward of one of the batches of a step: gradients and losses of all are averaged. */
    private void accumulate(long step, List<Batch> batches, int index, SortedMap<String, Double> metrics) {
        Batch batch = batches.get(index);
        long seed = RandomStream.mix(config.seed(), step, index, number);
        double share = 1.0 / batches.size();
        NDManager owner = batch.arrays().values().iterator().next().getManager();
        try (NDManager scratch = owner.newSubManager()) {
            JniUtils.setSeed(seed);
            JniUtils.setGradMode(true);
            Forward forward = Forward.of(objective, lend(batch, scratch), Pass.training(config.precision()), seed);
            Losses losses = forward.losses();
            NDArray total = losses.total();
            backward(total, share);
            forward.back();
            losses.terms().forEach(t -> add(metrics, "loss/" + t.name(), t.value(), share));
            add(metrics, "loss", total, share);
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    /** Adds {@code share} times the gradient of a scalar to the gradients of the parameters that it was computed from. */
    static void backward(NDArray scalar, double share) {
        backward(scalar, scalar.onesLike().muli(share));
    }

    /** Adds the gradients that follow from the gradient of a result, which has its shape and number format. */
    static void backward(NDArray result, NDArray gradient) {
        JniUtils.backward((PtNDArray) result, (PtNDArray) gradient, false, false);
    }

    private static void add(SortedMap<String, Double> metrics, String name, NDArray value, double share) {
        double number = value.toType(DataType.FLOAT64, false).getDouble();
        metrics.merge(name, share * number, Double::sum);
    }

    /** The same batch, so that what is computed from it belongs to {@code scratch} and goes when that is closed. */
    private static Batch lend(Batch batch, NDManager scratch) {
        return new Batch(
                batch.step(),
                batch.epoch(),
                batch.ids(),
                Maps.toMap(batch.arrays().keySet(), name -> {
                    NDArray handle = batch.get(name).stopGradient();
                    handle.attach(scratch);
                    return handle;
                }));
    }
}

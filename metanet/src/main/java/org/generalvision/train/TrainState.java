package org.generalvision.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.load.Batch;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.WeightLoader;

/** Everything that a training changes: weights, optimizer, averages and buffers of all objectives, and the position. */
final class TrainState {
    private static final int FORMAT = 1;

    private final TrainConfig config;
    private final List<Objective> objectives;
    private final List<TrainStep> steps = new ArrayList<>();
    private long step;
    private long batch;
    private long epoch;
    private String dataOrder = DataOrder.START;
    private SortedMap<String, Double> evaluation = new TreeMap<>();

    /**
     * The state at the start of a run.
     *
     * @param manager owner of everything that training adds to the objectives
     * @throws IllegalArgumentException if two objectives train the same parameter
     */
    TrainState(TrainConfig config, List<Objective> objectives, NDManager manager) {
        this.config = config;
        this.objectives = List.copyOf(objectives);
        Freezing.apply(
                config.freeze(), objectives.stream().map(Objective::model).toList());
        IdentityHashMap<NDArray, String> owners = new IdentityHashMap<>();
        for (int i = 0; i < objectives.size(); i++) {
            TrainStep trainStep = new TrainStep(config, objectives.get(i), i, manager);
            String owner = "objective " + i;
            trainStep.parameters().arrays().forEach((path, array) -> {
                String other = owners.putIfAbsent(array, owner);
                if (other != null) {
                    throw new IllegalArgumentException("Objectives must train disjoint parameters: " + path + " of "
                            + owner + " belongs to " + other + " too");
                }
            });
            steps.add(trainStep);
        }
    }

    /** Trains every objective on the batches of one step, one after another. */
    SortedMap<String, Double> advance(List<Batch> batches) {
        return advance(batches, 0);
    }

    /** The rest of a step in which the objectives before {@code first} have been trained already. */
    SortedMap<String, Double> advance(List<Batch> batches, int first) {
        SortedMap<String, Double> metrics = new TreeMap<>();
        for (int i = first; i < steps.size(); i++) {
            String prefix = prefix(i);
            steps.get(i).run(step, batches).forEach((name, value) -> metrics.put(prefix + name, value));
        }
        dataOrder = DataOrder.after(dataOrder, batches);
        step++;
        batch += batches.size();
        epoch = batches.get(batches.size() - 1).epoch();
        evaluation = new TreeMap<>();
        return metrics;
    }

    /** Runs an evaluation with the averaged weights, if there are such, and remembers its result for the checkpoint. */
    SortedMap<String, Double> evaluate(Evaluation evaluator) {
        steps.forEach(TrainStep::swapAverage);
        try {
            evaluation = new TreeMap<>(evaluator.evaluate(step));
        } finally {
            steps.forEach(TrainStep::swapAverage);
        }
        return evaluation;
    }

    /** Optimizer steps done. */
    long step() {
        return step;
    }

    /** Number of the next batch. */
    long batch() {
        return batch;
    }

    SortedMap<String, Double> evaluation() {
        return Collections.unmodifiableSortedMap(evaluation);
    }

    /** The live weights, as {@code model.safetensors} holds them. */
    SortedMap<String, NDArray> weights() {
        SortedMap<String, NDArray> arrays = new TreeMap<>();
        for (int i = 0; i < objectives.size(); i++) {
            String prefix = prefix(i);
            WeightLoader.arrays(objectives.get(i).model()).forEach((path, array) -> arrays.put(prefix + path, array));
        }
        return arrays;
    }

    /** Live optimizer state, averages and buffers, as {@code optimizer.safetensors} holds them. */
    SortedMap<String, NDArray> optimizerArrays() {
        SortedMap<String, NDArray> arrays = new TreeMap<>();
        for (int i = 0; i < objectives.size(); i++) {
            String prefix = prefix(i);
            steps.get(i).state().forEach((name, array) -> arrays.put(prefix + name, array));
            objectives.get(i).buffers().arrays().forEach((name, array) -> arrays.put(prefix + "buffer." + name, array));
        }
        return arrays;
    }

    /** With several objectives, names carry the number of theirs. */
    private String prefix(int objective) {
        return objectives.size() == 1 ? "" : objective + ".";
    }

    /** The position, as {@code state.json} holds it; equal states give equal text. */
    SortedMap<String, Object> position() {
        return new TreeMap<>(Map.of(
                "format", FORMAT,
                "step", step,
                "epoch", epoch,
                "batch", batch,
                "seed", config.seed(),
                "scheduleFactor", config.schedule().at(step, config.steps()),
                "dataOrder", dataOrder,
                "evaluation", evaluation));
    }

    /** Continues where a checkpoint was made. */
    void restore(Checkpoint checkpoint) {
        try (SafetensorsFile weights = SafetensorsFile.open(checkpoint.model());
                SafetensorsFile optimizer = SafetensorsFile.open(checkpoint.optimizer())) {
            WeightLoader.load(weights(), weights, name -> false);
            WeightLoader.load(optimizerArrays(), optimizer, name -> false);
        }
        JsonNode position = checkpoint.state();
        Path file = checkpoint.path().resolve(Checkpoint.STATE);
        if (Json.field(position, "format", file).asInt() != FORMAT) {
            throw new IllegalArgumentException(file + " has the format " + Json.field(position, "format", file)
                    + "; this version reads " + FORMAT);
        }
        step = Json.field(position, "step", file).asLong();
        epoch = Json.field(position, "epoch", file).asLong();
        batch = Json.field(position, "batch", file).asLong();
        dataOrder = Json.field(position, "dataOrder", file).asText();
        evaluation = checkpoint.evaluation();
    }

    /** Takes the weights of a checkpoint, a run directory or a safetensors file, and nothing else. */
    void initialize(Path source) {
        Path file = Files.isDirectory(source) ? Checkpoint.open(source).model() : source;
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            WeightLoader.load(weights(), weights, name -> false);
        }
        steps.forEach(TrainStep::restartAverage);
    }
}

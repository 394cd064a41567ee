package org.generalvision.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.load.Batch;
import org.generalvision.weights.DurableFile;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.SafetensorsWriter;
import org.generalvision.weights.WeightLoader;

/**
 * What is left behind when a loss or a gradient is not finite, enough to run that step again: weights, optimizer state and
 * buffers before the update, the batches, the recipe and the step. (Batch-norm statistics have moved by that step's forward
 * pass already; a training pass does not read them.)
 */
public final class FailureBundle {
    private static final String FAILURE = "failure.json";

    private FailureBundle() {}

    /**
     * What running the step again gives.
     *
     * @param metrics losses and {@code gradientNorm} by name
     * @param brokenGradients paths of the parameters whose gradient is not finite
     */
    public record Replay(long step, SortedMap<String, Double> metrics, List<String> brokenGradients) {
        /** Whether the failure showed again. */
        public boolean failed() {
            return !brokenGradients.isEmpty() || !metrics.values().stream().allMatch(Double::isFinite);
        }
    }

    /** Writes a bundle into the run directory and returns its folder. */
    static Path write(RunDirectory run, TrainState state, NotFinite failure, List<Batch> batches) {
        Path folder = run.path().resolve("failed-step-%08d".formatted(failure.step()));
        try {
            if (Files.exists(folder)) {
                MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
            }
            Files.createDirectory(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + folder + ": " + e.getMessage(), e);
        }
        SafetensorsWriter.write(folder.resolve(Checkpoint.MODEL), state.weights(), Map.of());
        SafetensorsWriter.write(folder.resolve(Checkpoint.OPTIMIZER), state.optimizerArrays(), Map.of());
        DurableFile.write(folder.resolve(RunDirectory.RECIPE), run.recipe());
        List<Map<String, Object>> descriptions = new ArrayList<>();
        for (Batch batch : batches) {
            Path file = folder.resolve("batch-" + descriptions.size() + ".safetensors");
            SafetensorsWriter.write(file, new TreeMap<>(batch.arrays()), Map.of());
            descriptions.add(Map.of("step", batch.step(), "epoch", batch.epoch(), "ids", batch.ids()));
        }
        DurableFile.write(
                folder.resolve(FAILURE),
                Json.pretty(Map.of(
                        "step", failure.step(),
                        "objective", failure.objective(),
                        "metrics", failure.metrics(),
                        "brokenGradients", failure.brokenGradients(),
                        "batches", descriptions)));
        return folder;
    }

    /**
     * Runs the failed step again, without an update.
     *
     * @param folder the bundle
     * @param config the settings of the run, from the bundle's {@code recipe.yaml}
     * @param objectives objectives like those of the run; their weights and buffers are overwritten
     */
    public static Replay replay(Path folder, TrainConfig config, List<Objective> objectives) {
        Path file = folder.resolve(FAILURE);
        JsonNode failure = Json.readObject(file);
        long step = Json.field(failure, "step", file).asLong();
        int objective = Json.field(failure, "objective", file).asInt();
        boolean gradMode = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try (NDManager manager = ComputeDevice.open(config.device())) {
            TrainState state = new TrainState(config, objectives, manager);
            try (SafetensorsFile weights = SafetensorsFile.open(folder.resolve(Checkpoint.MODEL));
                    SafetensorsFile optimizer = SafetensorsFile.open(folder.resolve(Checkpoint.OPTIMIZER))) {
                WeightLoader.load(state.weights(), weights, name -> false);
                WeightLoader.load(state.optimizerArrays(), optimizer, name -> false);
            }
            List<Batch> batches = readBatches(folder, Json.field(failure, "batches", file), manager);
            return new Replay(step, state.trainStep(objective).backward(step, batches), List.of());
        } catch (NotFinite e) {
            return new Replay(step, e.metrics(), e.brokenGradients());
        } finally {
            JniUtils.setGradMode(gradMode);
        }
    }

    private static List<Batch> readBatches(Path folder, JsonNode descriptions, NDManager manager) {
        List<Batch> batches = new ArrayList<>();
        for (JsonNode description : descriptions) {
            Map<String, NDArray> arrays = new HashMap<>();
            try (SafetensorsFile file =
                    SafetensorsFile.open(folder.resolve("batch-" + batches.size() + ".safetensors"))) {
                file.names().forEach(name -> arrays.put(name, file.read(name, manager)));
            }
            List<Long> ids = new ArrayList<>();
            description.path("ids").forEach(id -> ids.add(id.asLong()));
            batches.add(new Batch(
                    description.path("step").asLong(), description.path("epoch").asLong(), ids, arrays));
        }
        return batches;
    }
}

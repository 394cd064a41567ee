package org.generalvision.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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

/**
 * What is left behind when a loss or a gradient is not finite, enough to run that step again: weights, optimizer state,
 * buffers and position before the update, the batches and the recipe. (Batch-norm statistics have moved by that step's forward
 * pass already; a training pass does not read them.)
 */
final class FailureBundle {
    private static final String FAILURE = "failure.json";

    private FailureBundle() {}

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
        DurableFile.write(folder.resolve(Checkpoint.STATE), Json.pretty(state.position()));
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
     * Brings a state to where the step began, and runs the step again, with its update if it does not fail this time.
     *
     * @return the step's metrics
     * @throws TrainingDiverged if it fails again
     */
    static SortedMap<String, Double> replay(Path folder, TrainState state, NDManager manager) {
        Path file = folder.resolve(FAILURE);
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(folder + " holds no failed step: it has no " + FAILURE);
        }
        JsonNode failure = Json.readObject(file);
        state.restore(new Checkpoint(folder, Json.field(failure, "step", file).asLong()));
        try (NDManager scratch = manager.newSubManager()) {
            List<Batch> batches = readBatches(folder, Json.field(failure, "batches", file), scratch);
            return state.advance(batches, Json.field(failure, "objective", file).asInt());
        } catch (NotFinite e) {
            throw new TrainingDiverged(e, folder);
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

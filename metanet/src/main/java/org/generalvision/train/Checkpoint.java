package org.generalvision.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.generalvision.nn.Layer;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.WeightLoader;

/**
 * A complete checkpoint whose files are what they were when it was written: {@code recipe.yaml}, {@code provenance.json},
 * {@code model.safetensors}, {@code optimizer.safetensors} (optimizer state, averaged weights under {@code average.},
 * objective buffers under {@code buffer.}), {@code state.json} and {@code COMPLETE}.
 *
 * @param path its directory
 * @param step optimizer steps done when it was made
 */
public record Checkpoint(Path path, long step) {
    static final String MODEL = "model.safetensors";
    static final String OPTIMIZER = "optimizer.safetensors";
    static final String STATE = "state.json";
    static final String PROVENANCE = "provenance.json";
    static final String COMPLETE = "COMPLETE";
    static final String AVERAGE = "average.";
    static final List<String> FILES = List.of(MODEL, OPTIMIZER, RunDirectory.RECIPE, STATE);
    private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})");

    /** Name of the directory of a step's checkpoint. */
    static String name(long step) {
        return "step-%08d".formatted(step);
    }

    /**
     * Opens a checkpoint and compares every file with its SHA-256.
     *
     * @param path a checkpoint's directory, or a run directory for its newest checkpoint
     * @throws IllegalArgumentException if it is no complete checkpoint or a file has changed since it was written
     */
    public static Checkpoint open(Path path) {
        if (!Files.isDirectory(path)) {
            throw new UncheckedIOException("There is no checkpoint " + path, new NoSuchFileException(path.toString()));
        }
        if (!Files.exists(path.resolve(COMPLETE))) {
            return open(newestIn(path)
                    .orElseThrow(
                            () -> new IllegalArgumentException(path + " is neither a complete checkpoint (it has no"
                                    + " file COMPLETE) nor a run directory with one")));
        }
        Path provenance = path.resolve(PROVENANCE);
        verify(provenance, read(path.resolve(COMPLETE)).strip());
        JsonNode hashes = Json.field(Json.readObject(provenance), "sha256", provenance);
        FILES.forEach(name ->
                verify(path.resolve(name), Json.field(hashes, name, provenance).asText()));
        Path state = path.resolve(STATE);
        return new Checkpoint(
                path, Json.field(Json.readObject(state), "step", state).asLong());
    }

    private static void verify(Path file, String expected) {
        try {
            String actual = MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
            if (!actual.equals(expected)) {
                throw new IllegalArgumentException(file + " is damaged: its SHA-256 is " + actual + " and was "
                        + expected + " when it was written; remove this checkpoint to use an older one");
            }
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    file + " is missing although its checkpoint is complete; remove the checkpoint to use an older one",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The directories of the complete checkpoints in a run directory, by step. */
    static SortedMap<Long, Path> complete(Path run) {
        SortedMap<Long, Path> found = new TreeMap<>();
        for (Path child : children(run)) {
            Matcher matcher = NAME.matcher(String.valueOf(child.getFileName()));
            if (matcher.matches() && Files.exists(child.resolve(COMPLETE))) {
                found.put(Long.parseLong(matcher.group(1)), child);
            }
        }
        return found;
    }

    /** The directory of the newest complete checkpoint in a run directory. */
    public static Optional<Path> newestIn(Path run) {
        return complete(run).values().stream().reduce((older, newer) -> newer);
    }

    static List<Path> children(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted(Comparator.naturalOrder()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + folder, e);
        }
    }

    /** The weights. */
    public Path model() {
        return path.resolve(MODEL);
    }

    Path optimizer() {
        return path.resolve(OPTIMIZER);
    }

    /**
     * The weights as they are evaluated: averaged ones where the run averages, the trained ones otherwise.
     *
     * @param wanted paths
     * @param manager owner of the arrays
     */
    public SortedMap<String, NDArray> evaluated(Predicate<String> wanted, NDManager manager) {
        SortedMap<String, NDArray> arrays = new TreeMap<>();
        try (SafetensorsFile weights = SafetensorsFile.open(model());
                SafetensorsFile averages = SafetensorsFile.open(optimizer())) {
            for (String path : weights.names()) {
                if (wanted.test(path)) {
                    boolean averaged = averages.names().contains(AVERAGE + path);
                    arrays.put(path, averaged ? averages.read(AVERAGE + path, manager) : weights.read(path, manager));
                }
            }
        }
        return arrays;
    }

    /** The resolved recipe of the run. */
    public String recipe() {
        return read(path.resolve(RunDirectory.RECIPE));
    }

    JsonNode state() {
        return Json.readObject(path.resolve(STATE));
    }

    /** What the run wrote down of itself beside its recipe, such as hashes of its data, by name. */
    public SortedMap<String, String> facts() {
        SortedMap<String, String> facts = new TreeMap<>();
        Path file = path.resolve(PROVENANCE);
        Json.field(Json.readObject(file), "facts", file)
                .properties()
                .forEach(e -> facts.put(e.getKey(), e.getValue().asText()));
        return facts;
    }

    /** SHA-256 of the weights. */
    public String modelHash() {
        Path file = path.resolve(PROVENANCE);
        return Json.field(Json.field(Json.readObject(file), "sha256", file), MODEL, file)
                .asText();
    }

    /** Metrics of the evaluation at this step, if there was one. */
    public SortedMap<String, Double> evaluation() {
        SortedMap<String, Double> metrics = new TreeMap<>();
        Json.field(state(), "evaluation", path.resolve(STATE))
                .properties()
                .forEach(e -> metrics.put(e.getKey(), e.getValue().asDouble()));
        return metrics;
    }

    /**
     * Loads the weights into a network.
     *
     * @throws IllegalArgumentException listing what differs, if it is another network
     */
    public void load(Layer network) {
        try (SafetensorsFile file = SafetensorsFile.open(model())) {
            WeightLoader.load(network, file);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}

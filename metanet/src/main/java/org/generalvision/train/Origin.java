package org.generalvision.train;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a run starts. The order is this, and is decided nowhere else:
 *
 * <ol>
 *   <li>the newest complete checkpoint in the run's own directory: the run goes on;
 *   <li>{@code resumeFrom}: the run goes on from another run's checkpoint, with optimizer, data order and step;
 *   <li>{@code initializeFrom}: weights only, step 0;
 *   <li>scratch: the weights that the objective was built with.
 * </ol>
 * <p>A replay stands apart: such a run does the failed step of a bundle again, and nothing else.
 *
 * @param resumeFrom a checkpoint, or a run directory for its newest one
 * @param initializeFrom a checkpoint, a run directory or a safetensors file with all weights of the model
 * @param replay the bundle of a failed step
 */
public record Origin(
        @Nullable Path resumeFrom,
        @Nullable Path initializeFrom,
        @Nullable Path replay) {
    private static final String WEIGHTS = "initialized-from";
    private static final String WEIGHTS_HASH = "initialized-from.sha256";

    /** Of a run that is no replay. */
    public Origin(@Nullable Path resumeFrom, @Nullable Path initializeFrom) {
        this(resumeFrom, initializeFrom, null);
    }

    /** From the own directory, else from scratch. */
    public static Origin scratch() {
        return new Origin(null, null);
    }

    /** From the own directory, else on from another run's checkpoint. */
    public static Origin resumeFrom(Path checkpoint) {
        return new Origin(checkpoint, null);
    }

    /** From the own directory, else with the weights of a file or checkpoint. */
    public static Origin initializeFrom(Path weights) {
        return new Origin(null, weights);
    }

    /** The failed step of a bundle, once more. */
    public static Origin replay(Path bundle) {
        return new Origin(null, null, bundle);
    }

    /** The checkpoint that a run in a directory would go on from; empty if it begins. */
    public Optional<Checkpoint> continued(Path directory) {
        Optional<Path> own = Files.isDirectory(directory) ? Checkpoint.newestIn(directory) : Optional.empty();
        return own.or(() -> Optional.ofNullable(resumeFrom)).map(Checkpoint::open);
    }

    /**
     * What the provenance of a run's checkpoints says: what the caller knows, and of the weights that the run began with where they
     * lay and the SHA-256 of their file. A run that goes on keeps what it said of them; from scratch there is nothing to say.
     *
     * @param directory the run directory
     * @param known to the caller, such as hashes of data
     */
    public Map<String, String> facts(Path directory, Map<String, String> known) {
        SortedMap<String, String> facts = new TreeMap<>();
        Optional<Checkpoint> continued = continued(directory);
        if (continued.isPresent()) {
            facts.putAll(continued.get().facts());
            facts.keySet().retainAll(Set.of(WEIGHTS, WEIGHTS_HASH));
        } else if (initializeFrom != null) {
            facts.put(WEIGHTS, initializeFrom.toString());
            facts.put(WEIGHTS_HASH, hash(initializeFrom));
        }
        facts.putAll(known);
        return facts;
    }

    private static String hash(Path weights) {
        if (Files.isDirectory(weights)) {
            return Checkpoint.open(weights).modelHash();
        }
        try {
            return MoreFiles.asByteSource(weights).hash(Hashing.sha256()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the weights " + weights + ": " + e.getMessage(), e);
        }
    }

    /** Brings a fresh state to where the run starts, and says in words where that is. */
    String restore(TrainState state, CheckpointStore own) {
        Optional<Checkpoint> newest = own.newest();
        if (newest.isPresent()) {
            state.restore(newest.get());
            return "continues at step " + state.step();
        }
        if (resumeFrom != null) {
            state.restore(Checkpoint.open(resumeFrom));
            return "continues " + resumeFrom + " at step " + state.step();
        }
        if (initializeFrom != null) {
            state.initialize(initializeFrom);
            return "starts with the weights of " + initializeFrom;
        }
        return "starts from scratch";
    }
}

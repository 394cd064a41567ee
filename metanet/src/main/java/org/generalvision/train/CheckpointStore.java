package org.generalvision.train;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.weights.DurableFile;
import org.generalvision.weights.SafetensorsWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one run. A checkpoint is written under a temporary name, synced and renamed, and its file COMPLETE comes
 * last; older ones go only after that. So a run that is killed at any moment, or that fills the disk, keeps its last one.
 */
public final class CheckpointStore {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);

    private final Path run;
    private final TrainConfig.Keep keep;

    public CheckpointStore(Path run, TrainConfig.Keep keep) {
        this.run = run;
        this.keep = keep;
    }

    /**
     * The newest complete checkpoint, its files compared with their hashes.
     *
     * @throws IllegalArgumentException if it is damaged
     */
    public Optional<Checkpoint> newest() {
        return Checkpoint.newestIn(run).map(Checkpoint::open);
    }

    /** The complete checkpoint of a step, if there is one. */
    Optional<Checkpoint> at(long step) {
        return Optional.ofNullable(Checkpoint.complete(run).get(step)).map(path -> new Checkpoint(path, step));
    }

    /** Writes the checkpoint of a state and removes those that need not be kept. */
    Checkpoint save(TrainState state, RunDirectory directory) {
        Path target = run.resolve(Checkpoint.name(state.step()));
        Path partial = run.resolve(Checkpoint.name(state.step()) + ".partial");
        try {
            removeLeftovers();
            Files.createDirectory(partial);
            String provenance = writeFiles(partial, state, directory);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            DurableFile.syncFolder(run);
            DurableFile.write(target.resolve(Checkpoint.COMPLETE), provenance + "\n");
        } catch (IOException | UncheckedIOException e) {
            throw notSaved(target, partial, e);
        }
        warnIfMetricIsUnknown(state.evaluation());
        removeOld();
        return new Checkpoint(target, state.step());
    }

    /** Writes all files but COMPLETE and returns the hash of the provenance. */
    private static String writeFiles(Path folder, TrainState state, RunDirectory directory) {
        SortedMap<String, String> hashes = new TreeMap<>();
        Map<String, String> metadata = Map.of("format", "pt");
        hashes.put(
                Checkpoint.MODEL, SafetensorsWriter.write(folder.resolve(Checkpoint.MODEL), state.weights(), metadata));
        hashes.put(
                Checkpoint.OPTIMIZER,
                SafetensorsWriter.write(folder.resolve(Checkpoint.OPTIMIZER), state.optimizerArrays(), metadata));
        hashes.put(RunDirectory.RECIPE, DurableFile.write(folder.resolve(RunDirectory.RECIPE), directory.recipe()));
        hashes.put(
                Checkpoint.STATE, DurableFile.write(folder.resolve(Checkpoint.STATE), Json.pretty(state.position())));
        return DurableFile.write(
                folder.resolve(Checkpoint.PROVENANCE),
                Json.pretty(Provenance.of(directory.recipe(), directory.provenance(), hashes)));
    }

    private UncheckedIOException notSaved(Path target, Path partial, Exception cause) {
        try {
            delete(partial);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        String last =
                Checkpoint.newestIn(run).map(path -> path + " is unharmed").orElse("There is no earlier one");
        return new UncheckedIOException(
                "Cannot save the checkpoint " + target + ": " + cause.getMessage() + ". " + last
                        + "; free some disk space and start the run again to continue",
                new IOException(cause.getMessage(), cause));
    }

    /** Removes what a killed process left half-written. */
    private void removeLeftovers() throws IOException {
        for (Path child : Checkpoint.children(run)) {
            String name = String.valueOf(child.getFileName());
            boolean half = name.matches("step-\\d+(\\.partial)?") && !Files.exists(child.resolve(Checkpoint.COMPLETE));
            if (half) {
                LOG.info("Removing the incomplete checkpoint {}", child);
                delete(child);
            }
        }
    }

    private void removeOld() {
        List<Path> complete = new ArrayList<>(Checkpoint.complete(run).values());
        Set<Path> kept = new HashSet<>(complete.subList(Math.max(0, complete.size() - keep.newest()), complete.size()));
        best(complete).ifPresent(kept::add);
        for (Path checkpoint : complete) {
            if (!kept.contains(checkpoint)) {
                try {
                    // COMPLETE goes first: what is half removed must not look whole.
                    Files.delete(checkpoint.resolve(Checkpoint.COMPLETE));
                    delete(checkpoint);
                } catch (IOException e) {
                    LOG.warn("Cannot remove the old checkpoint {}", checkpoint, e);
                }
            }
        }
    }

    private void warnIfMetricIsUnknown(SortedMap<String, Double> evaluation) {
        String metric = keep.bestMetric();
        if (!metric.isEmpty() && !evaluation.isEmpty() && !evaluation.containsKey(metric)) {
            LOG.warn(
                    "keep.bestMetric is {}, but the evaluation gave {}: no best checkpoint is kept",
                    metric,
                    evaluation);
        }
    }

    /** The checkpoint with the best value of the metric that the recipe names; of equals the oldest. */
    private Optional<Path> best(List<Path> complete) {
        Comparator<Double> order = keep.largerIsBetter() ? Comparator.reverseOrder() : Comparator.naturalOrder();
        return complete.stream()
                .filter(path -> metric(path).isPresent())
                .min(Comparator.comparing(path -> metric(path).orElseThrow(), order));
    }

    private Optional<Double> metric(Path checkpoint) {
        return Optional.ofNullable(new Checkpoint(checkpoint, 0).evaluation().get(keep.bestMetric()))
                .filter(value -> !value.isNaN());
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }
}

package org.generalvision.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.weights.DurableFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one run: {@code recipe.yaml}, {@code metrics.jsonl}, {@code timing.jsonl}, the TensorBoard file and the
 * checkpoints {@code step-00000200} and so on. While it is open no other process can open it; the lock is the operating
 * system's and goes with the process, however that ends.
 */
public final class RunDirectory implements AutoCloseable {
    static final String RECIPE = "recipe.yaml";
    private static final String LOCK = ".lock";
    private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);

    private final Path path;
    private final String recipe;
    private final Origin origin;
    private final SortedMap<String, String> provenance;
    private final FileChannel lockFile;

    private RunDirectory(
            Path path, String recipe, Origin origin, SortedMap<String, String> provenance, FileChannel lockFile) {
        this.path = path;
        this.recipe = recipe;
        this.origin = origin;
        this.provenance = provenance;
        this.lockFile = lockFile;
    }

    /**
     * Opens or creates a run directory and locks it.
     *
     * @param recipe the resolved recipe, which every checkpoint repeats
     * @param origin where the weights come from if the directory has no checkpoint yet
     * @param provenance what the caller knows about the run, such as hashes of data manifests and the source revision
     * @throws IllegalArgumentException if another process has it open
     */
    public static RunDirectory open(Path path, String recipe, Origin origin, Map<String, String> provenance) {
        FileChannel lockFile = lock(path);
        return new RunDirectory(
                path, recipe, origin, Collections.unmodifiableSortedMap(new TreeMap<>(provenance)), lockFile);
    }

    private static FileChannel lock(Path path) {
        try {
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new IllegalArgumentException("The run directory " + path
                        + " is in use by another process; wait for it or choose another directory");
            }
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open the run directory " + path + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    /** Writes the recipe down. Only once the checkpoint has fit it: a recipe that does not must not replace the one that did. */
    void writeRecipe() {
        Path file = path.resolve(RECIPE);
        try {
            if (Files.exists(file)
                    && !Files.readString(file, StandardCharsets.UTF_8).equals(recipe)) {
                LOG.warn("The recipe differs from the one that {} was begun with; it is replaced", path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
        DurableFile.write(file, recipe);
    }

    public Path path() {
        return path;
    }

    String recipe() {
        return recipe;
    }

    Origin origin() {
        return origin;
    }

    SortedMap<String, String> provenance() {
        return provenance;
    }

    @Override
    public void close() {
        try {
            lockFile.close(); // and with it the lock; the file stays, since removing it would race with a second opener
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close " + path, e);
        }
    }
}

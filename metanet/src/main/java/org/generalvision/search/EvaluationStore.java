package org.generalvision.search;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.generalvision.train.StopRequest;
import org.generalvision.weights.DurableFile;
import org.jspecify.annotations.Nullable;

/**
 * A folder in which processes share evaluations. {@code KEY.task} asks for one, {@code KEY.json} is its result, and who works
 * on it holds the operating system's lock on {@code KEY.claim}, which goes with the process, however that ends: another
 * one then takes the task over. The key is a hash of candidate, seed and settings, so the results are also the search's
 * fitness cache.
 */
final class EvaluationStore {
    private static final String TASK = ".task";
    private static final String RESULT = ".json";
    private static final int KEY_LENGTH = 32;

    private final Path folder;
    private final Evaluator evaluator;

    /** A result with what it is the result of. */
    private record Stored(Evaluator.Request request, Outcome outcome) {}

    EvaluationStore(Path folder, Evaluator evaluator) {
        this.folder = folder;
        this.evaluator = evaluator;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + folder, e);
        }
    }

    /** The name under which an evaluation is kept. */
    String key(Evaluator.Request request) {
        String text = Json.line(request) + "\n" + evaluator.settings(request.effort());
        return Hashing.sha256()
                .hashString(text, StandardCharsets.UTF_8)
                .toString()
                .substring(0, KEY_LENGTH);
    }

    /** The result, if there is one. */
    Optional<Outcome> result(Evaluator.Request request) {
        Path file = folder.resolve(key(request) + RESULT);
        try {
            Stored stored = Json.read(Files.readString(file, StandardCharsets.UTF_8), Stored.class, file.toString());
            if (!stored.request().equals(request)) {
                throw new IllegalArgumentException(file + " is the result of " + stored.request() + ", not of "
                        + request + ": it was changed; remove it");
            }
            return Optional.of(stored.outcome());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /** Asks whoever works here for an evaluation. A task that a power failure takes away is posted again. */
    void post(Evaluator.Request request) {
        Path task = folder.resolve(key(request) + TASK);
        Path partial = folder.resolve(key(request) + ".partial");
        try {
            Files.writeString(partial, Json.line(request), StandardCharsets.UTF_8);
            Files.move(partial, task, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + task + ": " + e.getMessage(), e);
        }
    }

    /** What is asked for and has no result yet, in the order of the keys. */
    List<Evaluator.Request> tasks() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(TASK))
                    .sorted()
                    .flatMap(file -> readTask(file).stream())
                    .filter(request -> result(request).isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + folder, e);
        }
    }

    private Optional<Evaluator.Request> readTask(Path file) {
        try {
            Evaluator.Request request =
                    Json.read(Files.readString(file, StandardCharsets.UTF_8), Evaluator.Request.class, file.toString());
            if (!file.endsWith(key(request) + TASK)) {
                throw new IllegalArgumentException(
                        file + " was asked for by another version or with another recipe than this process has");
            }
            return Optional.of(request);
        } catch (NoSuchFileException e) {
            return Optional.empty(); // another process has just finished it
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /**
     * Evaluates, unless another process is at it or has done it.
     *
     * @return whether there is a result now that was not there before
     */
    boolean tryEvaluate(Evaluator.Request request, StopRequest stop) {
        String key = key(request);
        Path claim = folder.resolve(key + ".claim");
        try (FileChannel channel = FileChannel.open(claim, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (tryLock(channel) == null || result(request).isPresent()) {
                return false;
            }
            Path work = folder.resolve(key + ".work");
            remove(work); // of a process that was killed
            Outcome outcome = evaluator.evaluate(request, work, stop);
            DurableFile.write(folder.resolve(key + RESULT), Json.line(new Stored(request, outcome)));
            remove(work);
            Files.deleteIfExists(folder.resolve(key + TASK));
            Files.deleteIfExists(claim);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot evaluate in " + folder + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    private static void remove(Path work) throws IOException {
        if (Files.exists(work)) {
            MoreFiles.deleteRecursively(work, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }
}

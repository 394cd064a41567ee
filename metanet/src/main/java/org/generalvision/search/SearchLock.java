package org.generalvision.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The mark of a search that is under way. It is the operating system's lock on a file, so it goes with the process, however that
 * ends: one search at a time works in a run directory, and workers notice its end.
 */
public final class SearchLock implements AutoCloseable {
    private static final String FILE = ".search";
    private static final int ATTEMPTS = 50;

    private final Path directory;
    private final FileChannel channel;

    private SearchLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Takes the lock of a run directory, which is created. A worker that is just looking holds it for an instant, so it is
     * tried for a second.
     *
     * @throws IllegalArgumentException if another search has it
     */
    public static SearchLock acquire(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(
                    directory.resolve(FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (tryLock(channel, false) != null) {
                    return new SearchLock(directory, channel);
                }
                SharedEvaluations.pause();
            }
            channel.close();
            throw new IllegalArgumentException(
                    "A search is under way in %s; wait for it, help it with --worker, or choose another directory"
                            .formatted(directory));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open the run directory " + directory + ": " + e.getMessage(), e);
        }
    }

    /** The run directory. */
    public Path directory() {
        return directory;
    }

    /** Whether a search is under way in a run directory. */
    public static boolean isHeld(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return tryLock(channel, true) == null;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look at " + file + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    @Override
    public void close() {
        try {
            channel.close(); // and with it the lock; the file stays, since removing it would race with a second search
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close a lock file", e);
        }
    }
}

package org.generalvision.data.curate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** One step at a time on a directory. The lock ends with the process, so a kill leaves none behind. */
final class CurationLock implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;

    private CurationLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes the lock.
     *
     * @param folder of the steps; is created
     * @throws IllegalArgumentException if another step holds it
     */
    static CurationLock take(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new IllegalArgumentException(
                        "Another curation step is at work on " + folder.getParent() + ": wait for it to end");
            }
            return new CurationLock(channel, lock);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lock " + folder, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    void requireHeld() {
        if (!lock.isValid()) {
            throw new IllegalStateException("The lock was given up");
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot give up a lock", e);
        }
    }
}

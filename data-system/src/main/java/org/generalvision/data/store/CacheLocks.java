package org.generalvision.data.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Locks of one process on the files of a cache, which other processes see and which the system drops when the process dies.
 * They are bytes of one file, at positions that follow from the files' names: so there are no lock files to clean up. The
 * channel stays open for as long as the process lives, because POSIX drops all locks of a process on a file when it closes any
 * channel of it; and nothing waits inside of the channel, because a thread that is interrupted there closes it.
 */
final class CacheLocks {
    private static final String FILE = "locks";
    private static final long ROOM = Long.MAX_VALUE - 1;
    private static final int HEX_DIGITS = 15;
    private static final long PAUSE_MILLIS = 20;

    private final FileChannel channel;

    private CacheLocks(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the locks of a folder, once for each process. */
    static CacheLocks open(Path folder) throws IOException {
        return new CacheLocks(FileChannel.open(
                folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** That a copy is in use; others may use it too. */
    @Nullable
    FileLock tryUse(String name) {
        return tryLock(position(name), true);
    }

    /** That nobody uses a copy. */
    @Nullable
    FileLock tryRemove(String name) {
        return tryLock(position(name), false);
    }

    /** That nobody else gets a copy from afar. */
    @Nullable
    FileLock tryFetch(String name) {
        return tryLock(position(name) + 1, false);
    }

    /** That nobody else counts and removes copies. */
    @Nullable
    FileLock tryRoom() {
        return tryLock(ROOM, false);
    }

    private static long position(String name) {
        return Long.parseLong(name.substring(0, HEX_DIGITS), 16) << 2;
    }

    private @Nullable FileLock tryLock(long position, boolean shared) {
        try {
            return channel.tryLock(position, 1, shared);
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot lock a file of a cache", e);
        }
    }

    /** Gives a lock up. */
    static void release(FileLock lock) {
        try {
            lock.release();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot give up a lock on a file of a cache", e);
        }
    }

    /** Waits for another process before the next try. */
    static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while another process had a file of the cache", e);
        }
    }
}

package org.generalvision.data.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Sees to it that the files of a cache stay within its size, by removing the least recently used that nobody holds. */
final class CacheRoom {
    /** Below this much free space, a write that failed did so because the disk is full. */
    private static final long FULL = 1L << 20;

    private final Path folder;
    private final long maxBytes;
    private final CacheLocks locks;
    private final FreeSpace freeSpace;
    /** The lock between processes does not hold off other threads of this one. */
    private final ReentrantLock threads = new ReentrantLock();

    /** How much can be written to the disk of a folder. */
    interface FreeSpace {
        long of(Path folder) throws IOException;
    }

    CacheRoom(Path folder, long maxBytes, CacheLocks locks, FreeSpace freeSpace) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.locks = locks;
        this.freeSpace = freeSpace;
    }

    long maxBytes() {
        return maxBytes;
    }

    void requireFit(CachedFile wanted) {
        if (wanted.bytes() > maxBytes) {
            throw new IllegalArgumentException("%s (%,d bytes) does not fit into the cache %s of %,d bytes: raise %s"
                    .formatted(wanted.origin(), wanted.bytes(), folder, maxBytes, UserCache.LIMIT_VARIABLE));
        }
    }

    /** Turns a failure of writing into one that says what to do, if the disk is full. */
    void requireDisk(Exception failure) throws IOException {
        if (freeSpace.of(folder) < FULL) {
            throw full(failure);
        }
    }

    private UncheckedIOException full(@Nullable Exception failure) {
        String message =
                "The disk of the cache %s is full: free some of it, set GV_CACHE to a folder on a larger one, or set %s below %,d bytes"
                        .formatted(folder, UserCache.LIMIT_VARIABLE, maxBytes);
        return new UncheckedIOException(message, new IOException(message, failure));
    }

    /**
     * One file in the folder.
     *
     * @param bytes that it has or will have
     */
    private record Copy(Path file, String sha256, long bytes, boolean part, FileTime used) {}

    /**
     * Makes room for a file, and reserves it by an empty one under the name of its unfinished copy. The caller holds the lock
     * that nobody else fetches it.
     *
     * @return whether there is room; if not, something in use has to be given back first
     * @throws UncheckedIOException if the disk has no room, though the cache has
     */
    boolean make(CachedFile wanted) throws IOException {
        threads.lock();
        try {
            FileLock lock = locks.tryRoom();
            while (lock == null) {
                CacheLocks.pause();
                lock = locks.tryRoom();
            }
            try {
                return makeAlone(wanted);
            } finally {
                CacheLocks.release(lock);
            }
        } finally {
            threads.unlock();
        }
    }

    private boolean makeAlone(CachedFile wanted) throws IOException {
        Path part = folder.resolve(wanted.partName());
        List<Copy> others = copies();
        long written = Files.exists(part) ? Files.size(part) : 0;
        others.removeIf(copy -> copy.file().equals(part));
        long taken = others.stream().mapToLong(Copy::bytes).sum();
        for (Copy copy : others) {
            if (taken + wanted.bytes() <= maxBytes && hasDisk(wanted, written)) {
                break;
            }
            if (evict(copy)) {
                taken -= copy.bytes();
            }
        }
        if (taken + wanted.bytes() > maxBytes) {
            return false;
        }
        if (!hasDisk(wanted, written)) {
            throw full(null);
        }
        if (!Files.exists(part)) {
            Files.createFile(part);
        }
        return true;
    }

    private boolean hasDisk(CachedFile wanted, long written) throws IOException {
        return freeSpace.of(folder) >= wanted.bytes() - written;
    }

    /** From the least to the most recently used. */
    private List<Copy> copies() throws IOException {
        List<Copy> copies = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                try {
                    Copy copy = copy(file);
                    if (copy != null) {
                        copies.add(copy);
                    }
                } catch (NoSuchFileException removedOrRenamed) {
                    // By a process that is done with it, which only leaves more room or is counted next time.
                }
            }
        }
        copies.sort(Comparator.comparing(Copy::used).thenComparing(Copy::file));
        return copies;
    }

    private static @Nullable Copy copy(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        Matcher part = CachedFile.PART.matcher(name);
        boolean isPart = part.matches();
        if (!isPart && !CachedFile.NAME.matcher(name).matches()) {
            return null;
        }
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Copy(
                file,
                isPart ? part.group(1) : name,
                isPart ? Long.parseLong(part.group(2)) : attributes.size(),
                isPart,
                attributes.lastModifiedTime());
    }

    private boolean evict(Copy copy) throws IOException {
        FileLock lock = copy.part() ? locks.tryFetch(copy.sha256()) : locks.tryRemove(copy.sha256());
        if (lock == null) {
            return false;
        }
        try {
            return Files.deleteIfExists(copy.file());
        } finally {
            CacheLocks.release(lock);
        }
    }
}

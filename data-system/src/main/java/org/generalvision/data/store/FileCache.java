package org.generalvision.data.store;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Copies of remote files in a folder of bounded size, by their checksums. The least recently used go first, and none that
 * somebody uses. Several processes may share the folder. A copy gets its name when it is whole and has its checksum; what a
 * fetch that was cut short has left goes on where it ended. Safe for several threads.
 */
public final class FileCache {
    /** By folder, because a process has a lock once, however many of its readers use a file. */
    private static final Map<Path, FileCache> OPEN = new HashMap<>();

    private final Path folder;
    private final CacheRoom room;
    private final CacheLocks locks;
    private final List<Owner> owners = new CopyOnWriteArrayList<>();

    @GuardedBy("this")
    private final Map<String, Entry> entries = new HashMap<>();

    private FileCache(Path folder, long maxBytes) throws IOException {
        this.folder = folder;
        locks = CacheLocks.open(folder);
        room = new CacheRoom(
                folder, maxBytes, locks, path -> Files.getFileStore(path).getUsableSpace());
    }

    /**
     * Opens a cache.
     *
     * @param folder is created if need be; holds nothing else
     * @param maxBytes of all copies together
     */
    public static FileCache open(Path folder, long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("A cache must have room for at least a byte: " + maxBytes);
        }
        try {
            Files.createDirectories(folder);
            Path real = folder.toRealPath();
            synchronized (OPEN) {
                FileCache cache = OPEN.get(real);
                if (cache == null) {
                    cache = new FileCache(real, maxBytes);
                    OPEN.put(real, cache);
                }
                if (cache.maxBytes() != maxBytes) {
                    throw new IllegalArgumentException(
                            "The cache %s is in use with %d bytes, not %d: name the same size"
                                    .formatted(real, cache.maxBytes(), maxBytes));
                }
                return cache;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open the cache " + folder, e);
        }
    }

    /**
     * The cache of this user: the folder {@code shards} in {@code GV_CACHE}, of at most {@code GV_CACHE_LIMIT}, 20 GiB by
     * default.
     */
    public static FileCache ofUser() {
        return UserCache.open();
    }

    public long maxBytes() {
        return room.maxBytes();
    }

    /** Gets a file from afar. */
    public interface Fetch {
        /**
         * Writes the file, or appends what is missing of it.
         *
         * @param to exists, and holds the first bytes if an earlier fetch was cut short
         * @throws RuntimeException if it cannot be had whole
         */
        void into(Path to) throws IOException;
    }

    /** Who holds copies that it may do without. */
    public interface Owner {
        /** Closes the lease of a copy that is not needed now, and says whether there was one. */
        boolean giveBack();
    }

    /** Asks an owner for copies, from now on, when there is no room for others. */
    public void join(Owner owner) {
        owners.add(owner);
    }

    /** Asks an owner no more. */
    public void leave(Owner owner) {
        owners.remove(owner);
    }

    /** What this process does with a copy. */
    private static final class Entry {
        /** Held while the copy is looked for and fetched, which can take long. */
        private final ReentrantLock fetching = new ReentrantLock();

        @GuardedBy("this")
        private int leases;

        @GuardedBy("this")
        private @Nullable FileLock use;

        synchronized boolean tryHold(CacheLocks locks, String sha256) {
            if (use == null) {
                use = locks.tryUse(sha256);
            }
            if (use == null) {
                return false;
            }
            leases++;
            return true;
        }

        synchronized void release() {
            leases--;
            FileLock held = use;
            if (leases == 0 && held != null) {
                use = null;
                CacheLocks.release(held);
            }
        }
    }

    /** A copy that stays until it is closed. */
    public static final class Lease implements AutoCloseable {
        private final Path file;
        private final Entry entry;
        private boolean closed;

        private Lease(Path file, Entry entry) {
            this.file = file;
            this.entry = entry;
        }

        public Path file() {
            return file;
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                try {
                    touch(file);
                } finally {
                    entry.release();
                }
            }
        }
    }

    /**
     * A copy of a file, fetched if it is not there.
     *
     * @throws IllegalArgumentException if it is larger than the cache or than what can be made free of it, or what arrives is
     *     not the file, twice in a row
     * @throws UncheckedIOException if the disk is full or the fetch fails
     */
    public Lease lease(CachedFile wanted, Fetch fetch) {
        room.requireFit(wanted);
        Entry entry = entry(wanted.sha256());
        entry.fetching.lock();
        try {
            hold(entry, wanted.sha256());
            boolean there = false;
            try {
                provide(wanted, fetch);
                there = true;
                return new Lease(file(wanted.sha256()), entry);
            } finally {
                if (!there) {
                    entry.release();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot copy %s into the cache %s (%s)".formatted(wanted.origin(), folder, e.getMessage()), e);
        } finally {
            entry.fetching.unlock();
        }
    }

    /** Removes a copy that turned out to be spoilt. Who has it mapped keeps what it has. */
    public void discard(String sha256) {
        try {
            Files.deleteIfExists(file(sha256));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove " + sha256 + " from the cache " + folder, e);
        }
    }

    private Path file(String sha256) {
        return folder.resolve(sha256);
    }

    private synchronized Entry entry(String sha256) {
        return entries.computeIfAbsent(sha256, name -> new Entry());
    }

    private void hold(Entry entry, String sha256) {
        while (!entry.tryHold(locks, sha256)) {
            CacheLocks.pause();
        }
    }

    /** The time of a copy is that of its last use. */
    private static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (NoSuchFileException discarded) {
            // There is nothing to keep.
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot touch " + file, e);
        }
    }

    /** Returns when the copy is there; one process fetches it while others wait. */
    private void provide(CachedFile wanted, Fetch fetch) throws IOException {
        while (!isThere(wanted)) {
            FileLock lock = locks.tryFetch(wanted.sha256());
            if (lock == null) {
                CacheLocks.pause();
                continue;
            }
            try {
                if (!isThere(wanted)) {
                    makeRoom(wanted);
                    fetchWhole(wanted, fetch);
                }
            } finally {
                CacheLocks.release(lock);
            }
        }
        touch(file(wanted.sha256()));
    }

    private boolean isThere(CachedFile wanted) throws IOException {
        Path file = file(wanted.sha256());
        return Files.isRegularFile(file) && Files.size(file) == wanted.bytes();
    }

    private void makeRoom(CachedFile wanted) throws IOException {
        while (!room.make(wanted)) {
            if (owners.stream().noneMatch(Owner::giveBack)) {
                throw new IllegalArgumentException(
                        "The cache %s of %,d bytes has no room for %s (%,d bytes) beside what is in use: raise %s, or set GV_CACHE to a folder of its own for this run"
                                .formatted(
                                        folder, maxBytes(), wanted.origin(), wanted.bytes(), UserCache.LIMIT_VARIABLE));
            }
        }
    }

    /** The second try is for what an earlier fetch left behind, and for bytes that were spoilt on their way. */
    private void fetchWhole(CachedFile wanted, Fetch fetch) throws IOException {
        Path part = folder.resolve(wanted.partName());
        for (int attempt = 0; attempt < 2; attempt++) {
            if (fetchOnce(wanted, fetch, part)) {
                return;
            }
        }
        throw new IllegalArgumentException(
                "%s is not the file that its manifest names: what arrived, twice, has not SHA-256 %s. It was spoilt or replaced: push the directory again"
                        .formatted(wanted.origin(), wanted.sha256()));
    }

    private boolean fetchOnce(CachedFile wanted, Fetch fetch, Path part) throws IOException {
        try (FileChannel created = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (created.size() > wanted.bytes()) {
                created.truncate(0);
            }
        }
        fetch(fetch, part);
        String sha256 = MoreFiles.asByteSource(part).hash(Hashing.sha256()).toString();
        if (!sha256.equals(wanted.sha256())) {
            Files.delete(part);
            return false;
        }
        try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.move(part, file(wanted.sha256()), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    private void fetch(Fetch fetch, Path part) throws IOException {
        try {
            fetch.into(part);
        } catch (IOException e) {
            room.requireDisk(e);
            throw e;
        } catch (UncheckedIOException e) {
            room.requireDisk(e);
            throw e;
        }
    }
}

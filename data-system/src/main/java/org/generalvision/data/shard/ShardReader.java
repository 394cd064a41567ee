package org.generalvision.data.shard;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.store.FileCache;
import org.generalvision.data.store.Location;
import org.generalvision.data.store.S3Location;
import org.generalvision.data.store.S3Store;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of shards, read at random through mapped memory. What is read of a shard, its ends and then one record batch
 * after the other, is compared with its checksum when it is first touched. Images are views of the mapping, which stays valid
 * for as long as a view of it is in use, closed or not.
 *
 * <p>Shards in a bucket are copied to the local disk, compared with their checksums on arrival, and closed again, the least
 * recently used first, where the cache has no room for another.
 */
public final class ShardReader implements ExampleSource {
    private static final Logger LOG = LoggerFactory.getLogger(ShardReader.class);
    private static final int MOST_AHEAD = 8;

    private final ShardFiles files;
    private final Manifest manifest;
    private final String hash;
    private final List<LazyShard> shards;
    /** Index at which each shard begins, and one past the last example. */
    private final long[] starts;

    private final @Nullable Prefetcher prefetcher;
    private final FileCache.Owner owner = this::closeLeastRecentlyUsed;
    private volatile int lastTouched = -1;

    private ShardReader(ShardFiles files, Manifest manifest, String hash, int ahead) {
        this.files = files;
        this.manifest = manifest;
        this.hash = hash;
        prefetcher = ahead > 0 ? new Prefetcher(ahead) : null;
        shards = manifest.shards().stream()
                .map(entry -> new LazyShard(files, entry))
                .toList();
        starts = new long[shards.size() + 1];
        for (int i = 0; i < shards.size(); i++) {
            starts[i + 1] = starts[i] + manifest.shards().get(i).rows();
        }
        files.join(owner);
    }

    /**
     * Opens a directory, wherever it lies; reads its manifest only.
     *
     * @throws IllegalArgumentException if it has no manifest or a wrong one
     */
    public static ShardReader open(Location location) {
        if (location instanceof S3Location bucket) {
            return open(S3Store.open(bucket), FileCache.ofUser());
        }
        return open(location.requireLocal());
    }

    /**
     * Opens a directory of this machine; reads its manifest only.
     *
     * @throws IllegalArgumentException if it has no manifest or a wrong one
     */
    public static ShardReader open(Path directory) {
        byte[] json = Manifest.readBytes(directory);
        Manifest manifest =
                Manifest.parse(json, directory.resolve(Manifest.FILE_NAME).toString());
        return new ShardReader(new ShardFiles.Local(directory), manifest, Manifest.hash(json), 0);
    }

    /**
     * Opens a folder in a bucket; reads its manifest only.
     *
     * @param store is closed with the reader, or now if there is no right manifest
     * @throws IllegalArgumentException if it has no manifest or a wrong one
     */
    public static ShardReader open(S3Store store, FileCache cache) {
        boolean open = false;
        try {
            byte[] json = store.read(Manifest.FILE_NAME, Manifest.MAX_BYTES);
            Manifest manifest = Manifest.parse(json, store + "/" + Manifest.FILE_NAME);
            if (manifest.bytes() > cache.maxBytes()) {
                LOG.warn(
                        "{} has {} bytes and the cache {}: read in random order, shards are fetched again and again;"
                                + " raise GV_CACHE_LIMIT",
                        store,
                        manifest.bytes(),
                        cache.maxBytes());
            }
            ShardReader reader = new ShardReader(
                    new ShardFiles.Remote(store, cache), manifest, Manifest.hash(json), ahead(manifest, cache));
            open = true;
            return reader;
        } finally {
            if (!open) {
                store.close();
            }
        }
    }

    /** So many that at least as many again fit beside them: those that are being read. */
    private static int ahead(Manifest manifest, FileCache cache) {
        long largest = manifest.shards().stream()
                .mapToLong(Manifest.Shard::bytes)
                .max()
                .orElse(1);
        return (int) Math.min(MOST_AHEAD, cache.maxBytes() / largest / 2);
    }

    /**
     * Opens shards of a directory that has no manifest yet.
     *
     * @param shards the first of its shards
     */
    public static ShardReader open(Path directory, List<Manifest.Shard> shards) {
        return new ShardReader(new ShardFiles.Local(directory), Manifest.ofShards(shards), "", 0);
    }

    public Manifest manifest() {
        return manifest;
    }

    @Override
    public long size() {
        return manifest.examples();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if its shard is missing, differs from the manifest or is malformed
     */
    @Override
    public Example get(long index) {
        int number = shard(index);
        LazyShard shard = shards.get(number);
        if (prefetcher != null && !shard.isTouched()) {
            touch(number, prefetcher);
        }
        return shard.read(open -> open.get((int) (index - starts[number])));
    }

    private int shard(long index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("Example %d of %s, which has %d".formatted(index, files, size()));
        }
        int found = Arrays.binarySearch(starts, index);
        return found >= 0 ? found : -found - 2;
    }

    /** Who has read one shard and now reads the next goes through all of them. */
    private void touch(int number, Prefetcher ahead) {
        ahead.touched(shards.get(number));
        boolean inOrder = number == lastTouched + 1;
        lastTouched = number;
        if (inOrder && number + 1 < shards.size()) {
            ahead.request(shards.get(number + 1));
        }
    }

    @Override
    public void prefetch(long index) {
        LazyShard shard = shards.get(shard(index));
        if (prefetcher != null && !shard.isOpen()) {
            prefetcher.request(shard);
        }
    }

    /**
     * Compares a whole shard with its checksum and reads its structure.
     *
     * @param shard position in {@link Manifest#shards}
     * @throws IllegalArgumentException if it is missing, differs from the manifest or is malformed
     */
    public void verify(int shard) {
        shards.get(shard).read(open -> {
            open.verify();
            return open;
        });
    }

    /** Whether a shard is there, whole, and as the manifest says; in contrast to {@link #verify} an answer, no demand. */
    public boolean isSound(int shard) {
        try {
            verify(shard);
            return true;
        } catch (IllegalArgumentException unsound) {
            return false;
        }
    }

    @Override
    public String hash() {
        return hash;
    }

    private boolean closeLeastRecentlyUsed() {
        return shards.stream()
                .filter(LazyShard::isOpen)
                .sorted(Comparator.comparingLong(LazyShard::lastUse))
                .anyMatch(LazyShard::closeIfIdle);
    }

    /** Closes the shards, when no thread is inside {@link #get} any more; views that were handed out stay valid. */
    @Override
    public void close() {
        if (prefetcher != null) {
            prefetcher.close();
        }
        files.leave(owner);
        shards.forEach(LazyShard::close);
        files.close();
    }
}

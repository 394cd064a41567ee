package org.generalvision.data.shard;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.jspecify.annotations.Nullable;

/**
 * A directory of shards, read at random through mapped memory. What is read of a shard, its ends and then one record batch
 * after the other, is compared with its checksum when it is first touched. Images are views of the mapping, which stays valid for as long as a view of it is in use, closed or not.
 */
public final class ShardReader implements ExampleSource {
    private final Path directory;
    private final Manifest manifest;
    private final String hash;
    private final List<LazyShard> shards;
    /** Index at which each shard begins, and one past the last example. */
    private final long[] starts;

    private ShardReader(Path directory, Manifest manifest, String hash) {
        this.directory = directory;
        this.manifest = manifest;
        this.hash = hash;
        shards = manifest.shards().stream().map(LazyShard::new).toList();
        starts = new long[shards.size() + 1];
        for (int i = 0; i < shards.size(); i++) {
            starts[i + 1] = starts[i] + manifest.shards().get(i).rows();
        }
    }

    /**
     * Opens a directory; reads its manifest only.
     *
     * @throws IllegalArgumentException if it has no manifest or a wrong one
     */
    public static ShardReader open(Path directory) {
        byte[] json = Manifest.readBytes(directory);
        Manifest manifest =
                Manifest.parse(json, directory.resolve(Manifest.FILE_NAME).toString());
        return new ShardReader(directory, manifest, Manifest.hash(json));
    }

    /**
     * Opens shards of a directory that has no manifest yet.
     *
     * @param shards the first of its shards
     */
    public static ShardReader open(Path directory, List<Manifest.Shard> shards) {
        return new ShardReader(directory, Manifest.ofShards(shards), "");
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
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("Example %d of %s, which has %d".formatted(index, directory, size()));
        }
        int found = Arrays.binarySearch(starts, index);
        int shard = found >= 0 ? found : -found - 2;
        return shards.get(shard).opened().get((int) (index - starts[shard]));
    }

    /**
     * Compares a whole shard with its checksum and reads its structure.
     *
     * @param shard position in {@link Manifest#shards}
     * @throws IllegalArgumentException if it is missing, differs from the manifest or is malformed
     */
    public void verify(int shard) {
        shards.get(shard).opened().verify();
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

    /** Closes the shards. No thread may be inside {@link #get} any more; views that were handed out stay valid. */
    @Override
    public void close() {
        shards.forEach(LazyShard::close);
    }

    private final class LazyShard {
        private final Manifest.Shard entry;

        private volatile @Nullable MappedShard shard;

        @GuardedBy("this")
        private boolean closed;

        LazyShard(Manifest.Shard entry) {
            this.entry = entry;
        }

        MappedShard opened() {
            MappedShard open = shard;
            return open == null ? open() : open;
        }

        private synchronized MappedShard open() {
            if (closed) {
                throw new IllegalStateException("The reader of " + directory + " is closed");
            }
            MappedShard open = shard;
            if (open == null) {
                open = MappedShard.open(directory.resolve(entry.file()), entry);
                shard = open;
            }
            return open;
        }

        synchronized void close() {
            closed = true;
            MappedShard open = shard;
            shard = null;
            if (open != null) {
                open.close();
            }
        }
    }
}

package org.generalvision.data.shard;

import java.nio.file.Path;
import org.generalvision.data.store.CachedFile;
import org.generalvision.data.store.FileCache;
import org.generalvision.data.store.S3Store;

/** Where the shards of a reader come from. */
sealed interface ShardFiles extends AutoCloseable {
    /**
     * Opens a shard.
     *
     * @throws DamagedShardException if it is missing, differs from the manifest or is not a shard
     */
    MappedShard open(Manifest.Shard entry);

    /** Whether shards are copies that can be had anew, and arrive late. */
    boolean areCopies();

    /** Forgets the copy of a shard, which turned out to be damaged. */
    void discard(Manifest.Shard entry);

    /** Asks an owner of open shards for some when there is no room for others. */
    void join(FileCache.Owner owner);

    /** Asks the owner no more, and closes. */
    void leave(FileCache.Owner owner);

    /** The directory's name, for messages. */
    @Override
    String toString();

    @Override
    void close();

    /** Shards in a directory of this machine. */
    record Local(Path directory) implements ShardFiles {
        @Override
        public MappedShard open(Manifest.Shard entry) {
            return MappedShard.open(directory.resolve(entry.file()), entry, () -> {});
        }

        @Override
        public boolean areCopies() {
            return false;
        }

        @Override
        public void discard(Manifest.Shard entry) {
            throw new IllegalStateException("A directory of this machine is no copy: " + directory);
        }

        @Override
        public void join(FileCache.Owner owner) {}

        @Override
        public void leave(FileCache.Owner owner) {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return directory.toString();
        }
    }

    /** Shards in a bucket, by way of copies on this machine. */
    record Remote(S3Store store, FileCache cache) implements ShardFiles {
        @Override
        public MappedShard open(Manifest.Shard entry) {
            String origin = store.location() + "/" + entry.file();
            FileCache.Lease lease = cache.lease(
                    new CachedFile(entry.sha256(), entry.bytes(), origin),
                    to -> store.download(entry.file(), entry.bytes(), to));
            boolean open = false;
            try {
                MappedShard shard = MappedShard.open(lease.file(), entry, lease::close);
                open = true;
                return shard;
            } finally {
                if (!open) {
                    lease.close();
                }
            }
        }

        @Override
        public boolean areCopies() {
            return true;
        }

        @Override
        public void discard(Manifest.Shard entry) {
            cache.discard(entry.sha256());
        }

        @Override
        public void join(FileCache.Owner owner) {
            cache.join(owner);
        }

        @Override
        public void leave(FileCache.Owner owner) {
            cache.leave(owner);
        }

        @Override
        public void close() {
            store.close();
        }

        @Override
        public String toString() {
            return store.location().toString();
        }
    }
}

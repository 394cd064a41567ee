package org.generalvision.data.shard;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.generalvision.data.store.S3Store;

/**
 * Copies a directory of shards from a bucket to this machine, where it appears under its name when it is whole and compared
 * with its checksums, and not before. What a pull that was cut short has left, in a directory of the same name and {@value
 * #PARTIAL}, is not fetched again.
 */
public final class ShardPull {
    public static final String PARTIAL = ".pull";

    private final S3Store store;
    private final Path directory;
    private final Path partial;
    private final byte[] json;
    private final Manifest manifest;

    /**
     * A pull that has not begun; the manifest is read.
     *
     * @param directory to make; must not exist
     * @throws IllegalArgumentException if the directory exists, or there is no right manifest in the bucket
     */
    public ShardPull(S3Store store, Path directory) {
        this.store = store;
        this.directory = directory.toAbsolutePath();
        if (Files.exists(directory)) {
            throw new IllegalArgumentException(
                    directory + " exists and is not overwritten: name another one or remove it");
        }
        partial = this.directory.resolveSibling(directory.getFileName() + PARTIAL);
        json = store.read(Manifest.FILE_NAME, Manifest.MAX_BYTES);
        manifest = Manifest.parse(json, store + "/" + Manifest.FILE_NAME);
    }

    public Manifest manifest() {
        return manifest;
    }

    /** Hash of the manifest. */
    public String hash() {
        return Manifest.hash(json);
    }

    /**
     * Gets what is missing.
     *
     * @param companionFolder in which further files lie
     * @param isCompanion whether such a file is to be copied
     * @param done is told, by several threads, of bytes of shards that are there
     * @throws IllegalArgumentException if a shard in the bucket is missing or damaged
     */
    public void run(String companionFolder, Predicate<String> isCompanion, LongConsumer done) {
        try {
            Files.createDirectories(partial);
            ShardTransfer.each(
                    manifest.shards().size(), shard -> get(manifest.shards().get(shard), done));
            getCompanions(companionFolder, isCompanion);
            Durable.write(partial.resolve(Manifest.FILE_NAME), json);
            Durable.move(partial, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot pull %s (%s); what has arrived stays in %s: start again"
                            .formatted(store, e.getMessage(), partial),
                    e);
        }
    }

    private void get(Manifest.Shard shard, LongConsumer done) throws IOException {
        Path file = partial.resolve(shard.file());
        if (!Files.exists(file) || !isRight(file, shard)) {
            Path part = partial.resolve(shard.file() + ".part");
            fetch(shard, part);
            Durable.move(part, file);
        }
        done.accept(shard.bytes());
    }

    /** The second try is for what an earlier pull left behind, and for bytes that were spoilt on their way. */
    private void fetch(Manifest.Shard shard, Path part) throws IOException {
        for (int attempt = 0; attempt < 2; attempt++) {
            if (isFetched(shard, part)) {
                return;
            }
        }
        throw new IllegalArgumentException("%s of %s is not what its manifest says, twice: push the directory again"
                .formatted(shard.file(), store));
    }

    private boolean isFetched(Manifest.Shard shard, Path part) throws IOException {
        if (!Files.exists(part)) {
            Files.createFile(part);
        } else if (Files.size(part) > shard.bytes()) {
            Files.write(part, new byte[0]);
        }
        store.download(shard.file(), shard.bytes(), part);
        if (isRight(part, shard)) {
            try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            return true;
        }
        Files.delete(part);
        return false;
    }

    private static boolean isRight(Path file, Manifest.Shard shard) throws IOException {
        return Files.size(file) == shard.bytes()
                && MoreFiles.asByteSource(file)
                        .hash(Hashing.sha256())
                        .toString()
                        .equals(shard.sha256());
    }

    private void getCompanions(String folder, Predicate<String> isCompanion) throws IOException {
        Path earlier = partial.resolve(folder);
        if (Files.exists(earlier)) {
            MoreFiles.deleteRecursively(earlier, RecursiveDeleteOption.ALLOW_INSECURE);
        }
        for (S3Store.Listed listed : store.list(folder + "/")) {
            if (isCompanion.test(listed.file())) {
                Path file = partial.resolve(listed.file());
                MoreFiles.createParentDirectories(file);
                Files.write(file, new byte[0]);
                store.download(listed.file(), listed.bytes(), file);
            }
        }
    }
}

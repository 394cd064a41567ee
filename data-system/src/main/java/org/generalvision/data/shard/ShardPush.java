package org.generalvision.data.shard;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.generalvision.data.store.S3Store;

/**
 * Copies a directory of shards into a bucket. The manifest comes last, so that nobody takes a copy for whole that is not; what
 * is there with the same checksum is not sent again, so that a push that was cut short goes on where it ended.
 */
public final class ShardPush {
    private final Path directory;
    private final S3Store store;
    private final List<String> companions;
    private final byte[] json;
    private final Manifest manifest;
    private final AtomicInteger sent = new AtomicInteger();

    /**
     * A push that has not begun.
     *
     * @param directory of this machine
     * @param store the folder in a bucket
     * @param companions further files of the directory, relative to it, all in folders of their own; others in these folders of
     *     the bucket are removed
     * @throws IllegalArgumentException if the directory has no manifest or a wrong one
     */
    public ShardPush(Path directory, S3Store store, List<String> companions) {
        this.directory = directory;
        this.store = store;
        this.companions = List.copyOf(companions);
        json = Manifest.readBytes(directory);
        manifest = Manifest.parse(json, directory.resolve(Manifest.FILE_NAME).toString());
    }

    /**
     * What a push did.
     *
     * @param hash of the manifest
     * @param examples in the directory
     * @param shards in the directory
     * @param bytes of the shards
     * @param sent shards that were not there
     * @param steps companions in force
     */
    public record Result(String hash, long examples, int shards, long bytes, int sent, int steps) {}

    public Manifest manifest() {
        return manifest;
    }

    /**
     * Sends what is missing.
     *
     * @param companionFolder in which the bucket's companions lie
     * @param replace whether another data set may be overwritten
     * @param done is told, by several threads, of bytes of shards that are there
     * @throws IllegalArgumentException if a shard is damaged, or another data set is there
     */
    public Result run(String companionFolder, boolean replace, LongConsumer done) {
        try {
            Optional<byte[]> found = store.find(Manifest.FILE_NAME, Manifest.MAX_BYTES);
            boolean same = found.isPresent() && Arrays.equals(found.get(), json);
            if (found.isPresent() && !same) {
                requireReplace(found.get(), replace);
                // First of all, so that nobody reads new shards by an old manifest.
                store.delete(Manifest.FILE_NAME);
            }
            sendShards(done);
            sendCompanions(companionFolder);
            if (!same) {
                store.write(Manifest.FILE_NAME, json);
            }
            if (replace) {
                removeOtherShards();
            }
            return new Result(
                    Manifest.hash(json),
                    manifest.examples(),
                    manifest.shards().size(),
                    manifest.bytes(),
                    sent.get(),
                    companions.size());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot push %s to %s (%s); what has arrived stays there: start again"
                            .formatted(directory, store, e.getMessage()),
                    e);
        }
    }

    private void requireReplace(byte[] found, boolean replace) {
        if (!replace) {
            throw new IllegalArgumentException(
                    "%s holds another data set (manifest %s, that of %s is %s): name another folder, or replace it with --replace"
                            .formatted(store, Manifest.hash(found), directory, Manifest.hash(json)));
        }
    }

    private void sendShards(LongConsumer done) throws IOException {
        try (ShardReader reader = ShardReader.open(directory)) {
            ShardTransfer.each(manifest.shards().size(), shard -> send(reader, shard, done));
        }
    }

    private void send(ShardReader reader, int number, LongConsumer done) throws IOException {
        Manifest.Shard shard = manifest.shards().get(number);
        if (store.has(shard.file(), shard.bytes(), shard.sha256())) {
            done.accept(shard.bytes());
            return;
        }
        reader.verify(number);
        store.upload(directory.resolve(shard.file()), shard.file(), shard.sha256(), done);
        sent.incrementAndGet();
    }

    private void sendCompanions(String folder) throws IOException {
        for (String name : companions) {
            Path file = directory.resolve(name);
            String sha256 = MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
            if (!store.has(name, file.toFile().length(), sha256)) {
                store.upload(file, name, sha256, bytes -> {});
            }
        }
        for (S3Store.Listed listed : store.list(folder + "/")) {
            if (!companions.contains(listed.file())) {
                store.delete(listed.file());
            }
        }
    }

    private void removeOtherShards() {
        Set<String> known = new HashSet<>();
        manifest.shards().forEach(shard -> known.add(shard.file()));
        for (S3Store.Listed listed : store.list("")) {
            if (Manifest.Shard.isName(listed.file()) && !known.contains(listed.file())) {
                store.delete(listed.file());
            }
        }
    }
}

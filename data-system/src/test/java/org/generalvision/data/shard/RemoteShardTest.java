package org.generalvision.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.generalvision.data.example.Example;
import org.generalvision.data.store.BucketServer;
import org.generalvision.data.store.FileCache;
import org.generalvision.data.store.S3Store;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A directory of shards in a bucket: pushed, read through a cache, replaced, and pulled. */
@SuppressWarnings("NullAway.Init") // JUnit calls the set-up before any test.
class RemoteShardTest {
    private static final int EXAMPLES = 400;
    private static BucketServer server;

    @TempDir
    Path folder;

    private List<Example> examples = List.of();
    private Manifest manifest = Manifest.ofShards(List.of());
    private S3Store store;
    private String name = "";

    @BeforeAll
    static void start() throws Exception {
        server = BucketServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void write(TestInfo test) {
        name = test.getTestMethod().orElseThrow().getName();
        examples = Examples.of(3, EXAMPLES);
        manifest = ShardRoundTripTest.write(folder.resolve("d"), examples, 15_000);
        assertThat(manifest.shards()).hasSizeGreaterThan(8);
        store = server.open(name);
    }

    @Test
    void whatWasPushedIsReadAtRandomByWayOfASmallCache() throws Exception {
        push(false);
        long cacheBytes = 4 * manifest.shards().get(0).bytes();
        FileCache cache = FileCache.open(folder.resolve("cache"), cacheBytes);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (ShardReader reader = ShardReader.open(server.open(name), cache)) {
            assertThat(reader.hash()).isEqualTo(local().hash());
            List<Callable<Boolean>> tasks = LongStream.range(0, 3)
                    .<Callable<Boolean>>mapToObj(thread -> () -> Examples.random(thread)
                            .ints(150, 0, EXAMPLES)
                            .peek(i -> reader.prefetch((i + 7) % EXAMPLES))
                            .allMatch(i -> reader.get(i).equals(examples.get(i))))
                    .toList();
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThanOrEqualTo(cacheBytes);
        }
    }

    @Test
    void inOrderTheNextShardIsThereBeforeItIsAskedFor() {
        push(false);
        FileCache cache = FileCache.open(folder.resolve("cache"), 1 << 30);
        try (ShardReader reader = ShardReader.open(server.open(name), cache)) {
            assertThat(LongStream.range(0, EXAMPLES).mapToObj(reader::get)).isEqualTo(examples);
        }
        // Nothing is asked of the bucket for shards that are there.
        for (Manifest.Shard shard : manifest.shards()) {
            store.delete(shard.file());
        }
        try (ShardReader reader = ShardReader.open(server.open(name), cache)) {
            assertThat(LongStream.range(0, EXAMPLES).mapToObj(reader::get)).isEqualTo(examples);
        }
    }

    @Test
    void aCopyThatIsDamagedIsFetchedAnew() throws IOException {
        push(false);
        FileCache cache = FileCache.open(folder.resolve("cache"), 1 << 30);
        try (ShardReader reader = ShardReader.open(server.open(name), cache)) {
            assertThat(reader.get(0)).isEqualTo(examples.get(0));
        }
        Path copy = folder.resolve("cache").resolve(manifest.shards().get(0).sha256());
        long size = Files.size(copy);
        for (long at : new long[] {9, size / 2, size - 30}) {
            flip(copy, at);
            try (ShardReader reader = ShardReader.open(server.open(name), cache)) {
                assertThat(reader.get(0)).isEqualTo(examples.get(0));
                reader.verify(0);
            }
        }
        flip(copy, size / 2);
        store.delete(manifest.shards().get(0).file());
        try (ShardReader reader = ShardReader.open(server.open(name), cache)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> reader.get(0))
                    .withMessageContainingAll("There is no s3://shards/" + name, "00000.arrow");
        }
    }

    @Test
    void aPushIsRepeatedWithoutSendingAndGoesOnWhereOneEnded() {
        assertThat(push(false)).isEqualTo(manifest.shards().size());
        assertThat(push(false)).isZero();
        store.delete("manifest.json");
        store.delete("00003.arrow");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShardReader.open(server.open(name), FileCache.open(folder.resolve("cache"), 1 << 20)))
                .withMessageContainingAll("no manifest.json in s3://shards/" + name);
        assertThat(push(false)).isOne();
    }

    @Test
    void anotherDataSetIsReplacedOnlyIfToldTo() {
        push(false);
        String before = hash();
        manifest = ShardRoundTripTest.write(folder.resolve("e"), Examples.of(4, 30), 1_000_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> push("e", false))
                .withMessageContainingAll("s3://shards/" + name + " holds another data set", before, "--replace");
        assertThat(hash()).isEqualTo(before);
        assertThat(push("e", true)).isOne();
        assertThat(hash()).isNotEqualTo(before);
        assertThat(store.list("")).extracting(S3Store.Listed::file).containsExactly("00000.arrow", "manifest.json");
    }

    @Test
    void aDamagedShardIsNotPushed() throws IOException {
        Path shard = folder.resolve("d/00002.arrow");
        flip(shard, 5000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> push(false))
                .withMessageContainingAll("00002.arrow", "SHA-256");
        assertThat(store.list("")).extracting(S3Store.Listed::file).doesNotContain("manifest.json", "00002.arrow");
    }

    @Test
    void aPullGivesTheSameBytesAndGoesOnWhereOneEnded() throws IOException {
        push(false);
        Path to = folder.resolve("to");
        Path partial = Files.createDirectory(folder.resolve("to" + ShardPull.PARTIAL));
        Files.copy(folder.resolve("d/00000.arrow"), partial.resolve("00000.arrow"));
        byte[] second = Files.readAllBytes(folder.resolve("d/00001.arrow"));
        Files.write(partial.resolve("00001.arrow.part"), java.util.Arrays.copyOf(second, 1000));
        Files.write(partial.resolve("00002.arrow.part"), new byte[1000]);
        store.delete("00000.arrow");
        new ShardPull(store, to).run("curation", file -> true, bytes -> {});
        try (Stream<Path> files = Files.list(to)) {
            for (Path file : files.toList()) {
                assertThat(file).hasSameBinaryContentAs(folder.resolve("d").resolve(file.getFileName()));
            }
        }
        assertThat(ShardReader.open(to).hash()).isEqualTo(local().hash());
        assertThat(partial).doesNotExist();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ShardPull(store, to))
                .withMessageContaining("exists and is not overwritten");
    }

    private ShardReader local() {
        return ShardReader.open(folder.resolve("d"));
    }

    private String hash() {
        try (ShardReader reader =
                ShardReader.open(server.open(name), FileCache.open(folder.resolve("cache"), 1 << 20))) {
            return reader.hash();
        }
    }

    private int push(boolean replace) {
        return push("d", replace);
    }

    private int push(String directory, boolean replace) {
        return new ShardPush(folder.resolve(directory), store, List.of())
                .run("curation", replace, bytes -> {})
                .sent();
    }

    private static void flip(Path file, long at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 4)).rewind();
            channel.write(one, at);
        }
    }
}

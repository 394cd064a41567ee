package org.generalvision.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.generalvision.data.example.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShardRoundTripTest {
    @TempDir
    Path folder;

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyColumnComesBackAsItWentIn(long seed) {
        List<Example> examples = Examples.of(seed, 1 + 10 * (int) seed);
        write(folder.resolve("d"), examples, 1 + 500 * seed);
        try (ShardReader reader = ShardReader.open(folder.resolve("d"))) {
            assertThat(LongStream.range(0, reader.size()).mapToObj(reader::get)).isEqualTo(examples);
        }
    }

    @Test
    void theManifestCountsWhatWasWritten() throws IOException {
        List<Example> examples = Examples.of(7, 300);
        Manifest manifest = write(folder.resolve("d"), examples, 20_000);
        assertThat(manifest).isEqualTo(Manifest.read(folder.resolve("d")));
        assertThat(manifest.examples()).isEqualTo(300);
        assertThat(manifest.shards()).hasSizeGreaterThan(3);
        assertThat(manifest.annotated())
                .containsEntry(
                        "depth",
                        examples.stream().filter(e -> e.depth() != null).count())
                .containsEntry(
                        "boxes",
                        examples.stream().filter(e -> !e.boxes().isEmpty()).count());
        assertThat(manifest.licences())
                .containsEntry(
                        "MIT",
                        examples.stream().filter(e -> e.licence().equals("MIT")).count());
        for (Manifest.Shard shard : manifest.shards()) {
            assertThat(Files.size(folder.resolve("d").resolve(shard.file()))).isEqualTo(shard.bytes());
        }
    }

    @Test
    void theSameExamplesGiveTheSameBytes() throws IOException {
        // Another writer in between, so that recycled memory would show.
        write(folder.resolve("a"), Examples.of(1, 500), 30_000);
        write(folder.resolve("x"), Examples.of(2, 500), 30_000);
        write(folder.resolve("b"), Examples.of(1, 500), 30_000);
        assertThat(contents(folder.resolve("b"))).isEqualTo(contents(folder.resolve("a")));
        assertThat(ShardReader.open(folder.resolve("a")).hash())
                .isEqualTo(ShardReader.open(folder.resolve("b")).hash())
                .isNotEqualTo(ShardReader.open(folder.resolve("x")).hash());
    }

    @Test
    void severalThreadsReadAtRandomWhatOneWrote() throws Exception {
        List<Example> examples = Examples.of(3, 400);
        write(folder.resolve("d"), examples, 10_000);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (ShardReader reader = ShardReader.open(folder.resolve("d"))) {
            List<Callable<Boolean>> tasks = LongStream.range(0, 4)
                    .<Callable<Boolean>>mapToObj(thread -> () -> {
                        return Examples.random(thread)
                                .ints(2000, 0, 400)
                                .allMatch(i -> reader.get(i).equals(examples.get(i)));
                    })
                    .toList();
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void anImageIsAViewOfMappedMemoryAndOutlivesTheReader() {
        List<Example> examples = Examples.of(3, 10);
        write(folder.resolve("d"), examples, 10_000);
        ByteBuffer image;
        try (ShardReader reader = ShardReader.open(folder.resolve("d"))) {
            image = reader.get(4).image();
        }
        assertThat(image.isDirect()).isTrue();
        assertThat(image.isReadOnly()).isTrue();
        assertThat(image).isEqualTo(examples.get(4).image());
    }

    @Test
    void aClosedReaderAndAnIndexOutsideAreRefused() {
        write(folder.resolve("d"), Examples.of(3, 10), 10_000);
        ShardReader reader = ShardReader.open(folder.resolve("d"));
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> reader.get(10)))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("Example 10 of");
        reader.close();
        assertThatIllegalStateException().isThrownBy(() -> reader.get(0));
    }

    @Test
    void anEmptyDirectoryOfShardsIsWhole() {
        write(folder.resolve("d"), List.of(), 1000);
        try (ShardReader reader = ShardReader.open(folder.resolve("d"))) {
            assertThat(reader.size()).isZero();
        }
    }

    @Test
    void aWriterThatDidNotFinishLeavesNothingThatReadsAsWhole() {
        try (ShardWriter writer = ShardWriter.create(folder.resolve("d"), 100)) {
            Examples.of(3, 10).forEach(writer::add);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShardReader.open(folder.resolve("d")))
                .withMessageContaining("not finished");
    }

    @Test
    void aDirectoryInUseAndAnAbsurdTargetAreRefused() {
        write(folder.resolve("d"), Examples.of(3, 1), 1000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShardWriter.create(folder.resolve("d"), 1000))
                .withMessageContaining("not empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShardWriter.create(folder.resolve("e"), 0))
                .withMessageContaining("target size");
    }

    static Manifest write(Path directory, List<Example> examples, long shardBytes) {
        try (ShardWriter writer = ShardWriter.create(directory, shardBytes)) {
            examples.forEach(writer::add);
            return writer.finish();
        }
    }

    private static Map<String, ByteBuffer> contents(Path directory) throws IOException {
        Map<String, ByteBuffer> contents = new HashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}

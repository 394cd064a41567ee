package org.generalvision.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.generalvision.data.example.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The planner against the writer itself. */
class ShardPlannerTest {
    @TempDir
    Path folder;

    private static List<ShardSpan> plan(List<Example> examples, long shardBytes) {
        ShardPlanner planner = new ShardPlanner(shardBytes);
        List<ShardSpan> spans = new ArrayList<>();
        examples.forEach(example -> spans.addAll(planner.add(RecordShape.of(example))));
        spans.addAll(planner.finish());
        return spans;
    }

    private Manifest write(String name, List<Example> examples, long shardBytes) {
        try (ShardWriter writer = ShardWriter.create(folder.resolve(name), shardBytes)) {
            examples.forEach(writer::add);
            return writer.finish();
        }
    }

    private void assertPlanned(List<Example> examples, long shardBytes) {
        List<ShardSpan> expected = new ArrayList<>();
        long first = 0;
        for (Manifest.Shard shard : write("whole", examples, shardBytes).shards()) {
            long footer = Objects.requireNonNull(shard.footer()).bytes();
            expected.add(new ShardSpan(expected.size(), first, shard.rows(), shard.bytes() - footer));
            first += shard.rows();
        }
        assertThat(plan(examples, shardBytes)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 100000000", "2, 1", "3, 3000", "4, 20000", "5, 77777", "6, 150000"})
    void shardsAreTheWriters(long seed, long shardBytes) {
        assertPlanned(Examples.of(seed, 300), shardBytes);
    }

    /** Batches that end by their rows, by their bytes, before a large example, and with one that fills a shard alone. */
    @ParameterizedTest
    @ValueSource(longs = {1 << 20, 5 << 20, 6 << 20, 9 << 20, 64 << 20})
    void batchesOfAllKindsEndWhereTheWriterEndsThem(long shardBytes) {
        List<Example> examples = new ArrayList<>(Examples.of(7, 5000));
        for (int bytes : new int[] {3 << 20, 3 << 20, 100, 5 << 20, 10 << 20, 3_900_000, 9 << 20, 1, 4 << 20}) {
            examples.add(Example.builder("large " + bytes, ByteBuffer.allocate(bytes), "one", "MIT")
                    .build());
        }
        assertPlanned(examples, shardBytes);
    }

    @Test
    void noExamplesMakeNoShards() {
        assertThat(plan(List.of(), 1000)).isEmpty();
    }

    @Test
    void shapesSurviveAStream() throws IOException {
        List<Example> examples = new ArrayList<>(Examples.of(8, 50));
        examples.add(Example.builder("", ByteBuffer.allocate(4_000_000), "one", "MIT")
                .build());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream output = new DataOutputStream(bytes)) {
            for (Example example : examples) {
                RecordShape.of(example).writeTo(output);
            }
        }
        try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            for (Example example : examples) {
                RecordShape read = RecordShape.readFrom(input);
                assertThat(read.size()).isEqualTo(ShardWriter.sizeOf(example));
                assertThat(read.bodyBytes()).isEqualTo(RecordShape.of(example).bodyBytes());
            }
            assertThat(input.read()).isEqualTo(-1);
        }
    }

    @Test
    void shardsWrittenOneByOneAreTheWritersBytes() throws IOException {
        List<Example> examples = Examples.of(9, 200);
        Manifest manifest = write("whole", examples, 20_000);
        Path apart = Files.createDirectories(folder.resolve("apart"));
        List<ShardSpan> spans = plan(examples, 20_000);
        List<Manifest.Shard> shards = new ArrayList<>();
        for (int at :
                IntStream.iterate(spans.size() - 1, i -> i >= 0, i -> i - 1).toArray()) {
            ShardSpan span = spans.get(at);
            try (ShardWriter writer = ShardWriter.one(apart, 20_000, span.number())) {
                examples.subList((int) span.first(), (int) (span.first() + span.rows()))
                        .forEach(writer::add);
                shards.add(0, writer.finishOne(span));
            }
        }
        assertThat(shards).hasSizeGreaterThan(3).isEqualTo(manifest.shards());
        ExampleCounts counts = new ExampleCounts();
        examples.forEach(counts::add);
        ShardWriter.finish(apart, shards, counts.annotated(), counts.sources(), counts.licences());
        try (Stream<Path> files = Files.list(folder.resolve("whole"))) {
            for (Path file : files.toList()) {
                assertThat(apart.resolve(String.valueOf(file.getFileName()))).hasSameBinaryContentAs(file);
            }
        }
    }

    @Test
    void aShardThatIsNotAsPlannedIsRefused() {
        List<Example> examples = Examples.of(10, 5);
        ShardSpan span = plan(examples, 1 << 20).get(0);
        try (ShardWriter writer = ShardWriter.one(folder, 1 << 20, 0)) {
            examples.subList(0, 4).forEach(writer::add);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.finishOne(span))
                    .withMessageContaining("holds 4 examples");
        }
    }

    @Test
    void anExampleThatIsTooLargeIsRefusedAsByTheWriter() {
        Example large = Example.builder("large", ByteBuffer.allocate((int) ShardWriter.MAX_EXAMPLE_BYTES), "one", "MIT")
                .build();
        RecordShape shape = RecordShape.of(large);
        ShardPlanner planner = new ShardPlanner(1 << 20);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> planner.add(shape))
                .withMessageContaining("at most " + ShardWriter.MAX_EXAMPLE_BYTES);
    }
}

package org.generalvision.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.generalvision.data.example.Example;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shard of several record batches: each is compared with its checksum when it is touched, and not before. */
class FirstTouchTest {
    private static final int EXAMPLES = 8;

    @TempDir
    Path folder;

    private Path shard = Path.of("00000.arrow");
    private List<Example> examples = List.of();

    @BeforeEach
    void writeShard() {
        // Two of them fit into a record batch.
        examples =
                IntStream.range(0, EXAMPLES).mapToObj(FirstTouchTest::example).toList();
        Manifest manifest = ShardRoundTripTest.write(folder.resolve("d"), examples, 64 << 20);
        assertThat(manifest.shards()).hasSize(1);
        shard = folder.resolve("d/00000.arrow");
    }

    private static Example example(int number) {
        byte[] image = new byte[1_600_000];
        Examples.random(number).nextBytes(image);
        return Example.builder("a" + number, ByteBuffer.wrap(image), "made up", "MIT")
                .build();
    }

    @Test
    void damageInOneRecordBatchIsFoundThereAndNowhereElse() throws IOException {
        flip(Files.size(shard) - 1_000_000);
        try (ShardReader reader = ShardReader.open(folder.resolve("d"))) {
            for (int i = 0; i < EXAMPLES - 2; i++) {
                assertThat(reader.get(i)).isEqualTo(examples.get(i));
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> reader.get(EXAMPLES - 1))
                    .withMessageContainingAll("00000.arrow", "record batch has SHA-256", "copy it again");
            assertThat(reader.isSound(0)).isFalse();
        }
    }

    @Test
    void damageAtTheEndsIsFoundAtTheFirstTouch() throws IOException {
        for (long at : new long[] {7, Files.size(shard) - 100}) {
            flip(at);
            try (ShardReader reader = ShardReader.open(folder.resolve("d"))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> reader.get(3))
                        .withMessageContainingAll(at == 7 ? "its head" : "its footer", "SHA-256");
            }
            flip(at);
        }
        try (ShardReader reader = ShardReader.open(folder.resolve("d"))) {
            assertThat(reader.isSound(0)).isTrue();
        }
    }

    /** Proof that a touch reads no more than it must: the rest of the file is not there. */
    @Test
    void onlyTheEndsAndTheTouchedRecordBatchAreRead() throws IOException {
        long size = Files.size(shard);
        byte[] footer = bytes(size - 10_000, 10_000);
        byte[] begin = bytes(0, 3_300_000);
        Files.delete(shard);
        try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(begin), 0);
            channel.write(ByteBuffer.wrap(footer), size - footer.length);
        }
        try (ShardReader reader = ShardReader.open(folder.resolve("d"))) {
            assertThat(reader.get(1)).isEqualTo(examples.get(1));
            assertThatIllegalArgumentException().isThrownBy(() -> reader.get(2));
        }
    }

    @Test
    void anIndexThatIsNoneIsRefused() {
        String sha256 = "0".repeat(64);
        for (String text : List.of("", "x", sha256 + ",", sha256 + ",0:" + sha256, sha256 + ",9999999999:" + sha256)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ShardIndex.readFrom(Map.of("generalvision.checksums", text)))
                    .withMessageContaining("footer");
        }
    }

    @Test
    void anIndexComesBackAsItWentIn() {
        Map<String, String> metadata = new HashMap<>();
        List<ShardIndex.Batch> batches = Stream.of(1, Integer.MAX_VALUE)
                .map(rows -> new ShardIndex.Batch(rows, "ab".repeat(32)))
                .toList();
        ShardIndex index = new ShardIndex("cd".repeat(32), batches);
        index.writeTo(metadata);
        assertThat(ShardIndex.readFrom(metadata)).isEqualTo(index);
    }

    private byte[] bytes(long from, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            channel.read(bytes, from);
            return bytes.array();
        }
    }

    private void flip(long at) throws IOException {
        try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 4)).rewind();
            channel.write(one, at);
        }
    }
}

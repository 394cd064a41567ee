package org.generalvision.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DamagedShardTest {
    @TempDir
    Path folder;

    private Path shard = Path.of("00000.arrow");
    private byte[] whole = {};
    private Manifest manifest = Manifest.ofShards(List.of());
    private int batchBegin;
    private int footerBegin;

    @BeforeEach
    void writeShards() throws IOException {
        manifest = ShardRoundTripTest.write(folder.resolve("d"), Examples.of(5, 60), 1 << 20);
        shard = folder.resolve("d").resolve("00000.arrow");
        whole = Files.readAllBytes(shard);
        footerBegin = whole.length - (int) footer().bytes();
        try (BufferAllocator allocator = new RootAllocator();
                ArrowFileReader reader =
                        new ArrowFileReader(new ByteArrayReadableSeekableByteChannel(whole), allocator)) {
            batchBegin = (int) reader.getRecordBlocks().get(0).getOffset();
        }
    }

    private Manifest.Footer footer() {
        return Objects.requireNonNull(manifest.shards().get(0).footer());
    }

    static LongStream seeds() {
        return LongStream.range(0, 25);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aTruncatedShardIsRefused(long seed) throws IOException {
        int length = Examples.random(seed).nextInt(whole.length);
        Files.write(shard, Arrays.copyOf(whole, length));
        assertThatIllegalArgumentException()
                .isThrownBy(this::readAll)
                .withMessageContainingAll("00000.arrow", "has " + length + " bytes", "copy it again");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aFlippedBitIsRefused(long seed) throws IOException {
        Files.write(shard, flipped(whole, seed));
        assertThatIllegalArgumentException()
                .isThrownBy(this::readAll)
                .withMessageContainingAll("00000.arrow", "SHA-256", "copy it again");
    }

    /** A hostile writer signs what it made: then the structure itself must hold, or be refused. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aFlippedBitUnderValidChecksumsIsHarmlessOrRefused(long seed) throws IOException {
        for (int round = 0; round < 4; round++) {
            byte[] damaged = flipped(whole, seed * 1000 + round);
            signWhole(damaged);
            requireHarmless(seed, round);
            signParts(damaged);
            requireHarmless(seed, round);
        }
    }

    private void requireHarmless(long seed, int round) {
        Throwable error = catchThrowable(this::readAll);
        assertThat(error == null || error instanceof IllegalArgumentException)
                .as("seed %s round %s: %s", seed, round, error)
                .isTrue();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aTruncatedShardUnderAValidChecksumIsRefused(long seed) throws IOException {
        byte[] cut = Arrays.copyOf(whole, 1 + Examples.random(seed).nextInt(whole.length - 1));
        signWhole(cut);
        assertThatIllegalArgumentException().isThrownBy(this::readAll).withMessageContaining("00000.arrow");
        signParts(cut);
        assertThatIllegalArgumentException().isThrownBy(this::readAll).withMessageContaining("00000.arrow");
    }

    @Test
    void theSignaturesOfThisTestAreValid() throws IOException {
        signWhole(whole);
        readAll();
        byte[] changed = whole.clone();
        // An unused byte behind the magic number, so that only a checksum can tell.
        changed[7] = 1;
        signParts(changed);
        readAll();
        assertThat(shard).hasBinaryContent(signedParts(changed));
    }

    @Test
    void aMissingShardIsRefused() throws IOException {
        Files.delete(shard);
        assertThatIllegalArgumentException().isThrownBy(this::readAll).withMessageContaining("is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"examples\" : 60 | \"examples\" : 61 | examples is 61",
                "\"rows\" : 60 | \"rows\" : 9000000000000000000 | rows of 00000.arrow",
                "\"rows\" : 60 | \"rows\" : -60 | rows of 00000.arrow",
                "\"rows\" : 60 | \"rows\" : 60.5 | not a manifest",
                "\"schemaVersion\" : 3 | \"schemaVersion\" : 9 | schema version 9, this program reads up to 3: update",
                "\"schemaVersion\" : 3 | \"schemaVersion\" : 0 | schemaVersion is 0",
                "\"schemaVersion\" : 3 | \"schemaVersion\" : null | not a manifest",
                "00000.arrow | ../00000.arrow | plain file name",
                "00000.arrow | /etc/x.arrow | plain file name",
                "\"bytes\" : | \"bytes\" : -1, \"was\" : | bytes of",
                "\"sha256\" : \" | \"sha256\" : \"Z | sha256 of a footer",
                "\"footer\" | \"foot\" | creator property 'footer'",
                "\"examples\" | \"exampels\" | creator property",
                "{ | [ | not a manifest",
            })
    void aWrongManifestIsRefused(String from, String to, String message) throws IOException {
        Path manifest = folder.resolve("d/manifest.json");
        String text = Files.readString(manifest);
        assertThat(text).contains(from);
        Files.writeString(manifest, text.replace(from, to));
        assertThatIllegalArgumentException().isThrownBy(this::readAll).withMessageContaining(message);
    }

    @Test
    void aManifestWithFewerRowsThanTheShardIsRefused() throws IOException {
        Path manifest = folder.resolve("d/manifest.json");
        String text = Files.readString(manifest);
        text = text.replace("\"rows\" : 60", "\"rows\" : 59").replace("\"examples\" : 60", "\"examples\" : 59");
        Files.writeString(manifest, text);
        assertThatIllegalArgumentException()
                .isThrownBy(this::readAll)
                .withMessageContaining("has 60 rows, the manifest says 59");
    }

    private void readAll() {
        try (ShardReader reader = ShardReader.open(folder.resolve("d"))) {
            for (long i = 0; i < reader.size(); i++) {
                reader.get(i);
            }
        }
    }

    /** As a writer of schema 2 did, which knew one checksum. */
    private void signWhole(byte[] bytes) throws IOException {
        sign(2, bytes, null);
    }

    private void signParts(byte[] bytes) throws IOException {
        byte[] signed = signedParts(bytes);
        int length = Math.min(whole.length - footerBegin, signed.length);
        sign(3, signed, new Manifest.Footer(length, sha256(signed, signed.length - length, signed.length)));
    }

    /** Puts the checksums of changed parts in the place of those of the whole parts. */
    private byte[] signedParts(byte[] bytes) {
        int footer = Math.min(footerBegin, bytes.length);
        int batch = Math.min(batchBegin, footer);
        byte[] signed = bytes.clone();
        replace(signed, sha256(whole, 0, batchBegin), sha256(bytes, 0, batch));
        replace(signed, sha256(whole, batchBegin, footerBegin), sha256(bytes, batch, footer));
        return signed;
    }

    private static void replace(byte[] bytes, String from, String to) {
        int at = Bytes.indexOf(bytes, from.getBytes(StandardCharsets.US_ASCII));
        if (at >= 0) {
            System.arraycopy(to.getBytes(StandardCharsets.US_ASCII), 0, bytes, at, to.length());
        }
    }

    private void sign(int version, byte[] bytes, Manifest.@Nullable Footer footer) throws IOException {
        Files.write(shard, bytes);
        Manifest.Shard entry =
                new Manifest.Shard("00000.arrow", 60, bytes.length, sha256(bytes, 0, bytes.length), footer);
        new Manifest(
                        version,
                        60,
                        bytes.length,
                        List.of(entry),
                        manifest.annotated(),
                        manifest.sources(),
                        manifest.licences())
                .write(folder.resolve("d"));
    }

    private static String sha256(byte[] bytes, int from, int to) {
        return Hashing.sha256().hashBytes(bytes, from, to - from).toString();
    }

    private static byte[] flipped(byte[] bytes, long seed) {
        RandomGenerator random = Examples.random(seed);
        byte[] copy = bytes.clone();
        // Structure is small beside images: half of the flips go where the batch's header or the footer lies.
        int at = switch (random.nextInt(4)) {
            case 0 -> random.nextInt(Math.min(2600, bytes.length));
            case 1 -> bytes.length - 1 - random.nextInt(Math.min(2600, bytes.length));
            default -> random.nextInt(bytes.length);
        };
        copy[at] ^= (byte) (1 << random.nextInt(8));
        return copy;
    }
}

package org.generalvision.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
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

    @BeforeEach
    void writeShards() throws IOException {
        ShardRoundTripTest.write(folder.resolve("d"), Examples.of(5, 60), 1 << 20);
        shard = folder.resolve("d").resolve("00000.arrow");
        whole = Files.readAllBytes(shard);
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
    void aFlippedBitUnderAValidChecksumIsHarmlessOrRefused(long seed) throws IOException {
        for (int round = 0; round < 8; round++) {
            byte[] damaged = flipped(whole, seed * 1000 + round);
            sign(damaged);
            Throwable error = catchThrowable(this::readAll);
            assertThat(error == null || error instanceof IllegalArgumentException)
                    .as("seed %s round %s: %s", seed, round, error)
                    .isTrue();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aTruncatedShardUnderAValidChecksumIsRefused(long seed) throws IOException {
        sign(Arrays.copyOf(whole, 1 + Examples.random(seed).nextInt(whole.length - 1)));
        assertThatIllegalArgumentException().isThrownBy(this::readAll).withMessageContaining("00000.arrow");
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
                "\"schemaVersion\" : 2 | \"schemaVersion\" : 9 | schema version 9, this program reads up to 2: update",
                "\"schemaVersion\" : 2 | \"schemaVersion\" : 0 | schemaVersion is 0",
                "\"schemaVersion\" : 2 | \"schemaVersion\" : null | not a manifest",
                "00000.arrow | ../00000.arrow | plain file name",
                "00000.arrow | /etc/x.arrow | plain file name",
                "\"sha256\" : \" | \"sha256\" : \"Z | sha256 of 00000.arrow",
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

    private void sign(byte[] bytes) throws IOException {
        Manifest manifest = Manifest.read(folder.resolve("d"));
        Files.write(shard, bytes);
        Manifest.Shard entry = new Manifest.Shard(
                "00000.arrow",
                60,
                bytes.length,
                Hashing.sha256().hashBytes(bytes).toString());
        Manifest signed = new Manifest(
                2,
                60,
                bytes.length,
                java.util.List.of(entry),
                manifest.annotated(),
                manifest.sources(),
                manifest.licences());
        signed.write(folder.resolve("d"));
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

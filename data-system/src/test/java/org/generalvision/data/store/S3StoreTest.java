package org.generalvision.data.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that checks signatures and checksums. */
@SuppressWarnings("NullAway.Init") // JUnit calls the set-up before any test.
class S3StoreTest {
    private static final int PART = 5 << 20;
    private static BucketServer server;

    @TempDir
    Path folder;

    private S3Store store;

    @BeforeAll
    static void start() throws Exception {
        server = BucketServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open(TestInfo test) {
        String name = test.getTestMethod().orElseThrow().getName();
        store = S3Store.open(S3Location.parse(server.location("a b/" + name)), Patience.DEFAULT, PART);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aSmallFileComesBackAsItWasWritten() {
        byte[] bytes = "text".getBytes(StandardCharsets.UTF_8);
        assertThat(store.find("x.json", 100)).isEmpty();
        store.write("x.json", bytes);
        assertThat(store.read("x.json", 4)).isEqualTo(bytes);
        assertThat(store.has("x.json", 4, sha256(bytes))).isTrue();
        assertThat(store.has("x.json", 4, sha256(new byte[4]))).isFalse();
        assertThat(store.has("x.json", 5, sha256(bytes))).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.read("x.json", 3))
                .withMessageContainingAll("x.json", "4 bytes, at most 3");
        store.delete("x.json");
        store.delete("x.json");
        assertThat(store.has("x.json", 4, sha256(bytes))).isFalse();
    }

    @Test
    void aLargeFileGoesInPartsAndAnotherInOne() throws IOException {
        for (int size : new int[] {0, 1, PART, PART + 1, 2 * PART + 12_345}) {
            byte[] bytes = random(size);
            Path from = Files.write(folder.resolve("from"), bytes);
            List<Long> sent = new ArrayList<>();
            store.upload(from, "00000.arrow", sha256(bytes), sent::add);
            assertThat(sent.stream().mapToLong(Long::longValue).sum()).isEqualTo(size);
            assertThat(sent).hasSize(Math.max(1, (size + PART - 1) / PART));
            assertThat(store.has("00000.arrow", size, sha256(bytes))).isTrue();
            Path to = Files.write(folder.resolve("to"), new byte[0]);
            store.download("00000.arrow", size, to);
            assertThat(to).hasBinaryContent(bytes);
        }
    }

    @Test
    void aDownloadGoesOnWhereAnEarlierOneEnded() throws IOException {
        byte[] bytes = random(100_000);
        store.upload(Files.write(folder.resolve("from"), bytes), "00000.arrow", sha256(bytes), sent -> {});
        byte[] begun = bytes.clone();
        begun[0]++;
        Path to = Files.write(folder.resolve("to"), java.util.Arrays.copyOf(begun, 60_000));
        store.download("00000.arrow", bytes.length, to);
        assertThat(to).as("what was there is not fetched again").hasBinaryContent(begun);
    }

    @Test
    void filesAreListedByTheBeginningOfTheirNames() {
        for (String name : List.of("manifest.json", "curation/002-b.jsonl", "curation/001-a.jsonl", "curations")) {
            store.write(name, name.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(store.list("curation/"))
                .containsExactly(
                        new S3Store.Listed("curation/001-a.jsonl", 20), new S3Store.Listed("curation/002-b.jsonl", 20));
        assertThat(store.list("")).extracting(S3Store.Listed::file).contains("manifest.json", "curations");
        assertThat(store.list("nothing/")).isEmpty();
    }

    @Test
    void aFileOfAnotherSizeIsRefused() throws IOException {
        byte[] bytes = random(1000);
        store.write("00000.arrow", bytes);
        Path to = Files.write(folder.resolve("to"), new byte[0]);
        for (long size : new long[] {999, 1001}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.download("00000.arrow", size, to))
                    .withMessageContainingAll("00000.arrow", "1,000 bytes", "push the directory again");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.download("00001.arrow", 10, to))
                .withMessageContainingAll("There is no s3://shards/", "00001.arrow", "check bucket and folder");
    }

    @Test
    void aBucketThatIsMissingAndCredentialsThatAreWrongAreTold() {
        String folder = store.location().prefix();
        String other = server.location("x").replace("s3://shards/", "s3://other-bucket/");
        try (S3Store missing = S3Store.open(S3Location.parse(other))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> missing.read("manifest.json", 10))
                    .withMessageContainingAll("no bucket", "s3://other-bucket/x/manifest.json", "endpoint");
        }
        store.write("manifest.json", new byte[3]);
        try (S3Store anonymous = S3Store.open(S3Location.parse(server.location(folder) + "&anonymous=true"))) {
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> anonymous.read("manifest.json", 10))
                    .withMessageContainingAll(folder + "/manifest.json", "403", "AccessDenied", "AWS_PROFILE");
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    private static String sha256(byte[] bytes) {
        return Hashing.sha256().hashBytes(bytes).toString();
    }
}

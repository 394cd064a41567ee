package org.generalvision.data.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.generalvision.data.store.FaultyFront.Fault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store in trouble: what passes is borne with, what does not is told. */
@SuppressWarnings("NullAway.Init") // JUnit calls the set-up before any test.
class S3FaultTest {
    private static final Patience LITTLE =
            new Patience(3, Duration.ofMillis(1500), Duration.ofMillis(1), Duration.ofMillis(2));
    private static final String FILE = "00000.arrow";

    /** Several times what is progress enough to go on. */
    private static final byte[] BYTES = new byte[5 << 20];

    private static BucketServer server;

    @TempDir
    Path folder;

    private FaultyFront front;
    private S3Store store;

    @BeforeAll
    static void start() throws Exception {
        new SplittableRandom(1).nextBytes(BYTES);
        System.setProperty("aws.accessKeyId", "any");
        System.setProperty("aws.secretAccessKey", "thing");
        server = BucketServer.startOpen();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() throws IOException {
        try (S3Store direct = server.open("x")) {
            direct.write(FILE, BYTES);
        }
        front = new FaultyFront(server.endpoint());
        store = S3Store.open(S3Location.parse(BucketServer.location("x", front.endpoint())), LITTLE, 64 << 20);
    }

    @AfterEach
    void close() {
        store.close();
        front.close();
    }

    @Test
    void anOverloadedStoreIsAskedAgain() {
        front.plan(new Fault.Status(503, "SlowDown"), new Fault.Status(500, "InternalError"));
        assertThat(store.read(FILE, BYTES.length)).isEqualTo(BYTES);
        assertThat(front.requests()).hasSize(3);
    }

    @Test
    void aStoreThatStaysOverloadedIsTold() {
        front.plan(Collections.nCopies(3, new Fault.Status(503, "SlowDown")).toArray(new Fault[0]));
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> store.read(FILE, BYTES.length))
                .withMessage(
                        "Cannot read s3://shards/x/00000.arrow (status 503 SlowDown in each of 3 attempts): the store"
                                + " is overloaded or ill; start again later, or with fewer processes");
        assertThat(front.requests()).hasSize(3);
    }

    @Test
    void aBodyThatIsCutGoesOnWhereItEnded() throws IOException {
        front.plan(new Fault.Cut(3_000_000), new Fault.Cut(1_500_000));
        assertThat(downloaded()).hasBinaryContent(BYTES);
        List<String> requests = front.requests();
        assertThat(requests).hasSize(3);
        assertThat(requests.get(0)).endsWith("null");
        assertThat(begin(requests.get(1))).isBetween(1L, 3_000_000L);
        assertThat(begin(requests.get(2))).isBetween(begin(requests.get(1)), 4_500_000L);
    }

    private static long begin(String request) {
        return Long.parseLong(request.replaceAll(".* bytes=([0-9]+)-", "$1"));
    }

    @Test
    void aBodyThatIsCutWithoutEndIsTold() {
        front.plan(Collections.nCopies(9, new Fault.Cut(70_000)).toArray(new Fault[0]));
        assertThatIOException()
                .isThrownBy(this::downloaded)
                .withMessageContainingAll(
                        "Cannot read s3://shards/x/00000.arrow", "in each of 3 attempts", "of 5,242,880 bytes arrived");
        assertThat(front.requests()).hasSize(3);
    }

    @Test
    void aServerThatFallsSilentIsLeft() throws IOException {
        front.plan(new Fault.Hang(2_000_000));
        assertThat(downloaded()).hasBinaryContent(BYTES);
        assertThat(begin(front.requests().get(1))).isBetween(1L, 2_000_000L);
    }

    @Test
    void aServerThatCrawlsIsLeft() throws IOException {
        front.plan(new Fault.Crawl());
        assertThat(downloaded()).hasBinaryContent(BYTES);
        assertThat(front.requests()).hasSize(2);
    }

    @Test
    void anObjectThatIsReplacedMeanwhileIsNotMixed() {
        front.plan(new Fault.Meanwhile(2_000_000, this::replace));
        assertThatIllegalArgumentException()
                .isThrownBy(this::downloaded)
                .withMessageContainingAll(
                        "s3://shards/x/00000.arrow was replaced while it was being read", "start again");
    }

    private void replace() {
        try (S3Store direct = server.open("x")) {
            byte[] other = BYTES.clone();
            other[0]++;
            direct.write(FILE, other);
        }
    }

    @Test
    void aShorterBodyIsAnotherObject() {
        front.plan(new Fault.Shorten(1000));
        assertThatIllegalArgumentException()
                .isThrownBy(this::downloaded)
                .withMessageContainingAll("has 1,000 bytes, its manifest says 5,242,880");
    }

    @Test
    void aSmallFileThatIsSpoiltOnItsWayIsAskedForAgain() {
        front.plan(new Fault.Flip(17), new Fault.Cut(100));
        assertThat(store.read(FILE, BYTES.length)).isEqualTo(BYTES);
        front.plan(new Fault.Flip(17), new Fault.Flip(17), new Fault.Flip(17));
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> store.read(FILE, BYTES.length))
                .withMessageContainingAll("Cannot read s3://shards/x/00000.arrow", "SHA-256");
    }

    @Test
    void whoMayNotReadIsToldAtOnce() {
        front.plan(new Fault.Status(403, "AccessDenied"));
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(this::downloaded)
                .withMessageContainingAll(FILE, "status 403 AccessDenied", "credentials");
        assertThat(front.requests()).hasSize(1);
    }

    @Test
    void aServerThatIsNotThereIsTold() throws IOException {
        URI nowhere;
        try (ServerSocket unused = new ServerSocket(0)) {
            nowhere = URI.create("http://127.0.0.1:" + unused.getLocalPort());
        }
        try (S3Store gone = S3Store.open(S3Location.parse(BucketServer.location("x", nowhere)), LITTLE, 1)) {
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> gone.read(FILE, 10))
                    .withMessageContainingAll(
                            "Cannot read s3://shards/x/" + FILE, "refused", "check network and endpoint");
        }
    }

    @Test
    void anUploadThatFailsMidwayIsRepeatedByItsParts() throws IOException {
        byte[] bytes = new byte[11 << 20];
        new SplittableRandom(2).nextBytes(bytes);
        String sha256 = Hashing.sha256().hashBytes(bytes).toString();
        Path from = Files.write(folder.resolve("from"), bytes);
        try (S3Store parts =
                S3Store.open(S3Location.parse(BucketServer.location("y", front.endpoint())), LITTLE, 5 << 20)) {
            front.plan(new Fault.None(), new Fault.None(), new Fault.Status(503, "SlowDown"));
            parts.upload(from, FILE, sha256, sent -> {});
            assertThat(parts.has(FILE, bytes.length, sha256)).isTrue();
            assertThat(front.requests().stream().filter(request -> request.startsWith("PUT ")))
                    .as("three parts, of which one twice")
                    .hasSize(4);
            front.plan(
                    new Fault.None(),
                    new Fault.None(),
                    new Fault.Status(503, "SlowDown"),
                    new Fault.Status(503, "SlowDown"),
                    new Fault.Status(503, "SlowDown"));
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> parts.upload(from, "00001.arrow", sha256, sent -> {}))
                    // A server that refuses before it has read everything may be heard of as a broken connection.
                    .withMessageContainingAll("Cannot write s3://shards/y/00001.arrow", "start again");
            assertThat(front.requests().get(front.requests().size() - 1)).startsWith("DELETE ");
            assertThat(parts.has("00001.arrow", bytes.length, sha256)).isFalse();
        }
    }

    private Path downloaded() throws IOException {
        Path to = Files.write(folder.resolve("to"), new byte[0]);
        store.download(FILE, BYTES.length, to);
        return to;
    }
}

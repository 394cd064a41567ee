package org.generalvision.data.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.example.Example;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.store.BucketServer;
import org.generalvision.data.store.Location;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands on a directory of shards in a bucket. */
@SuppressWarnings("NullAway.Init") // JUnit calls the set-up before any test.
class BucketCommandTest {
    private static BucketServer server;

    @TempDir
    static Path cache;

    @TempDir
    Path folder;

    private Path directory = Path.of("d");
    private String error = "";
    private String output = "";

    @BeforeAll
    static void start() throws Exception {
        System.setProperty("gv.cache", cache.toString());
        server = BucketServer.start();
    }

    @AfterAll
    static void stop() {
        System.clearProperty("gv.cache");
        server.close();
    }

    @BeforeEach
    void write() {
        directory = folder.resolve("d");
        try (ShardWriter writer = ShardWriter.create(directory, 500)) {
            for (int i = 0; i < 6; i++) {
                byte[] image = {(byte) (i / 2)};
                writer.add(Example.builder("a" + i, ByteBuffer.wrap(image), "made up", "MIT")
                        .labels(List.of("thing"))
                        .build()
                        .withContentHash());
            }
            writer.finish();
        }
    }

    @Test
    void aDirectoryIsPushedWithItsStepsReadAndPulled() {
        String there = server.location("one/two");
        assertThat(run("push", "--from", directory.toString(), "--to", there)).isZero();
        assertThat(output)
                .contains("s3://shards/one/two: 6 examples", "0 curation steps")
                .doesNotContain("127.0.0.1");
        assertThat(run("inspect", there, "--json")).isZero();
        String remote = output;
        assertThat(run("inspect", directory.toString(), "--json")).isZero();
        assertThat(remote).isEqualTo(output);

        assertThat(run("dedupe", directory.toString(), "--by=bytes")).isZero();
        assertThat(run("push", "--from", directory.toString(), "--to", there)).isZero();
        assertThat(output).contains("; 0 shards sent", "1 curation steps");
        assertThat(run("steps", there)).isZero();
        assertThat(output).contains("3 examples, 3 removed", "001-exact-duplicates");

        Path pulled = folder.resolve("pulled");
        assertThat(run("pull", "--from", there, "--to", pulled.toString())).isZero();
        try (CuratedSource first = CuratedSource.open(Location.parse(there));
                CuratedSource second = CuratedSource.open(pulled)) {
            assertThat(first.hash()).isEqualTo(second.hash());
            assertThat(first.get(2)).isEqualTo(second.get(2));
        }

        assertThat(run("undo", directory.toString())).isZero();
        assertThat(run("push", "--from", directory.toString(), "--to", there)).isZero();
        assertThat(run("steps", there)).isZero();
        assertThat(output).contains("6 examples, 0 removed");
    }

    @Test
    void whatWouldChangeABucketIsRefused() {
        String there = "s3://shards/x";
        for (String[] arguments : List.of(
                new String[] {"dedupe", there, "--by=bytes"},
                new String[] {"undo", there},
                new String[] {"build", "--from=folder", "--source=.", "--out=" + there},
                new String[] {"push", "--from", there, "--to", there})) {
            assertThat(run(arguments)).as(arguments[0]).isEqualTo(2);
            assertThat(error).contains("s3://shards/x lies in a bucket, and is only read: get it with gv data pull");
        }
        assertThat(Files.exists(Path.of("s3:"))).isFalse();
        assertThat(run("push", "--from", directory.toString(), "--to", "elsewhere"))
                .isNotZero();
        assertThat(error).contains("--to must be s3://BUCKET/FOLDER, not elsewhere");
    }

    @Test
    void aLocationWithCredentialsIsRefusedAndNotRepeated() {
        assertThat(run("inspect", "s3://KEY:topsecret@bucket/x")).isEqualTo(2);
        assertThat(error).contains("must not hold credentials").doesNotContain("topsecret");
    }

    private int run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = new CommandLine(new DataCommand());
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        commandLine.setExecutionExceptionHandler((e, command, result) -> {
            throw e;
        });
        commandLine.setParameterExceptionHandler((e, all) -> {
            e.getCommandLine().getErr().println(e.getMessage());
            return 2;
        });
        try {
            return commandLine.execute(arguments);
        } finally {
            output = out.toString();
            error = err.toString();
        }
    }
}

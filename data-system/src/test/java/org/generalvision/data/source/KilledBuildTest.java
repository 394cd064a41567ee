package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.MoreFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.generalvision.data.shard.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Builds in processes of their own, ended by the system. */
class KilledBuildTest {
    private static final int ITEMS = 1000;

    @TempDir
    Path folder;

    @Test
    void aKilledProcessIsContinuedByTheNext() throws Exception {
        Path out = folder.resolve("out");
        Process process = start(out, 900, "exec \"$@\"");
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.lines().anyMatch("waiting"::equals)).as("waits").isTrue();
            process.destroyForcibly().waitFor();
        }
        assertThat(out).doesNotExist();
        continuesToTheSameBytes(out);
    }

    /** A limit on the size of files stands in for a disk that is full: a write fails in the middle of a shard. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aWriteThatFailsIsToldAndLosesNothing() throws Exception {
        Path out = folder.resolve("out");
        Process process = start(out, -1, "ulimit -f 96 && exec \"$@\"");
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isNotZero();
        assertThat(output).contains("Cannot build " + out, "File too large", "mend the cause and start again");
        assertThat(out).doesNotExist();
        continuesToTheSameBytes(out);
    }

    private void continuesToTheSameBytes(Path out) throws IOException {
        Path undisturbed = folder.resolve("undisturbed");
        MadeUpCollection source = new MadeUpCollection(ITEMS);
        Manifest expected =
                new ShardBuild(source, undisturbed, 100_000).run(() -> {}).manifest();
        assertThat(new ShardBuild(source, out, 100_000).run(() -> {}).manifest())
                .isEqualTo(expected);
        try (Stream<Path> files = Files.list(undisturbed)) {
            for (Path file : files.toList()) {
                assertThat(MoreFiles.asByteSource(out.resolve(undisturbed.relativize(file)))
                                .contentEquals(MoreFiles.asByteSource(file)))
                        .as(file.toString())
                        .isTrue();
            }
        }
    }

    private static Process start(Path out, int waiting, String shell) throws IOException {
        List<String> command = List.of(
                "sh",
                "-c",
                shell,
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                BuildProcess.class.getName(),
                out.toString(),
                Integer.toString(ITEMS),
                Integer.toString(waiting));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}

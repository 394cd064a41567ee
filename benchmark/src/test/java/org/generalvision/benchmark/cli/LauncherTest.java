package org.generalvision.benchmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher {@code gv}, with a Java and a Maven that only note how they were called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final Path GV = Path.of("..", "gv").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private Path home = Path.of("");
    private Path bin = Path.of("");
    private final Map<String, String> environment = new TreeMap<>();

    private record Outcome(int status, String out, String err) {}

    @BeforeEach
    void makeAHome() throws IOException {
        home = Files.createDirectories(folder.resolve("a home"));
        Files.copy(GV, home.resolve("gv"));
        Files.writeString(home.resolve("pom.xml"), "");
        Files.createDirectories(home.resolve("benchmark/src/main"));
        Files.writeString(home.resolve("benchmark/pom.xml"), "");
        bin = jdk("jdk", "17.0.9");
        script(
                bin.resolve("mvn"),
                "echo built >>'%s/builds'".formatted(folder),
                "mkdir -p benchmark/target && echo jar >benchmark/target/benchmark-1.jar");
        environment.put("PATH", bin + ":/usr/bin:/bin");
        environment.put("HOME", folder.resolve("user").toString());
    }

    /** A Java that prints its arguments, one on a line. */
    private Path jdk(String name, String version) throws IOException {
        Path root = Files.createDirectories(folder.resolve(name + "/bin"));
        Files.writeString(folder.resolve(name + "/release"), "JAVA_VERSION=\"" + version + "\"\n");
        script(root.resolve("java"), "printf '%s\\n' \"$@\"");
        script(root.resolve("javac"), "exit 0");
        return root;
    }

    private static void script(Path file, String... lines) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Process start(Path gv, String... arguments) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", gv.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Outcome end(Process process) {
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Outcome(process.exitValue(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Outcome gv(String... arguments) {
        return end(start(home.resolve("gv"), arguments));
    }

    private long builds() throws IOException {
        Path file = folder.resolve("builds");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    @Test
    void itBuildsOnceAndPassesArgumentsUnchanged() throws IOException {
        Outcome first = gv("data", "a b", "$x*");
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.err()).contains("building");
        assertThat(first.out().lines()).contains("a b", "$x*", "-Doffline=true");
        Outcome second = gv("data");
        assertThat(second.err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aNewerSourceIsBuiltAgain() throws IOException {
        gv();
        Path source = Files.writeString(home.resolve("benchmark/src/main/A.java"), "");
        Files.setLastModifiedTime(
                source,
                java.nio.file.attribute.FileTime.from(java.time.Instant.now().plusSeconds(60)));
        gv();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aSourceThatIsEditedDuringTheBuildIsNotMissed() throws IOException {
        script(
                bin.resolve("mvn"),
                "echo built >>'%s/builds'".formatted(folder),
                "sleep 0.05; echo edited >benchmark/src/main/A.java",
                "mkdir -p benchmark/target && echo jar >benchmark/target/benchmark-1.jar");
        gv();
        gv();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void itIsFoundThroughLinksFromAnywhere() throws IOException {
        Path links = Files.createDirectories(folder.resolve("other links"));
        Files.createSymbolicLink(links.resolve("relative"), Path.of("../a home/gv"));
        Files.createSymbolicLink(links.resolve("twice"), Path.of("relative"));
        Outcome outcome = end(start(links.resolve("twice"), "doctor"));
        assertThat(outcome.out()).contains(home.toRealPath() + "/benchmark/target/benchmark-1.jar");
    }

    @Test
    void twoFirstRunsBuildOnce() throws IOException {
        script(
                bin.resolve("mvn"),
                "echo built >>'%s/builds'; sleep 0.5".formatted(folder),
                "mkdir -p benchmark/target && echo jar >benchmark/target/benchmark-1.jar");
        Process one = start(home.resolve("gv"), "one");
        Process other = start(home.resolve("gv"), "other");
        assertThat(end(one).out()).contains("one");
        assertThat(end(other).out()).contains("other");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void whatABuildThatWasCutShortLeftIsNotTaken() throws IOException {
        Path target = Files.createDirectories(home.resolve("benchmark/target"));
        Files.writeString(target.resolve("benchmark-1.jar"), "half");
        Process gone = new ProcessBuilder("true").start();
        end(gone);
        Files.createSymbolicLink(target.resolve("gv.lock"), Path.of(Long.toString(gone.pid())));
        assertThat(gv().status()).isZero();
        assertThat(target.resolve("benchmark-1.jar")).hasContent("jar");
        assertThat(builds()).isEqualTo(1);
        assertThat(target.resolve("gv.lock")).doesNotExist();
    }

    @Test
    void aFailedBuildLeavesNothingThatCouldBeTakenForOne() throws IOException {
        script(bin.resolve("mvn"), "mkdir -p benchmark/target && echo half >benchmark/target/benchmark-1.jar; exit 1");
        Outcome outcome = gv("doctor");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("the build failed");
        assertThat(home.resolve("benchmark/target/benchmark-1.jar")).doesNotExist();
    }

    @Test
    void aMissingOrOldJavaIsNamedWithItsRemedy() throws IOException {
        environment.put("JAVA_HOME", folder.resolve("nowhere").toString());
        assertRefused(gv("doctor"), "JAVA_HOME is", "nowhere", "Install a JDK 17 or newer");
        jdk("old", "11.0.2");
        environment.put("JAVA_HOME", folder.resolve("old").toString());
        assertRefused(gv("doctor"), "Java 11.0.2", "17 or newer is needed");
        jdk("older", "1.8.0_382");
        environment.put("JAVA_HOME", folder.resolve("older").toString());
        assertRefused(gv("doctor"), "Java 1.8.0_382", "17 or newer is needed");
        environment.remove("JAVA_HOME");
        environment.put("PATH", tools().toString());
        assertRefused(gv("doctor"), "no Java found", "Install a JDK 17 or newer");
    }

    @Test
    void aRuntimeWithoutCompilerAndAMissingMavenAreNamedOnlyWhenABuildIsNeeded() throws IOException {
        Files.delete(bin.resolve("javac"));
        assertRefused(gv("doctor"), "a runtime without a compiler");
        jdk("jdk", "17.0.9");
        Files.delete(bin.resolve("mvn"));
        environment.put("PATH", bin + ":" + tools());
        assertRefused(gv("doctor"), "no mvn on the PATH", "Maven 3.8 or newer");
        Files.createDirectories(home.resolve("benchmark/target"));
        Files.writeString(home.resolve("benchmark/target/benchmark-1.jar"), "jar");
        Files.delete(bin.resolve("javac"));
        assertThat(gv("doctor").status()).isZero();
    }

    /** A folder with the few commands that the launcher needs, so that neither Java nor Maven is found by chance. */
    private Path tools() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String name :
                List.of("readlink", "find", "head", "mkdir", "ln", "rm", "touch", "getconf", "mv", "sleep")) {
            Path command = Path.of("/usr/bin", name);
            Path link = tools.resolve(name);
            if (Files.notExists(link)) {
                Files.createSymbolicLink(link, Files.exists(command) ? command : Path.of("/bin", name));
            }
        }
        return tools;
    }

    @Test
    void nativeLibrariesLieBesideTheBuildOrWhereTheUserSays() throws IOException {
        Path natives = home.toRealPath().resolve("target/natives");
        assertThat(gv("doctor").out()).contains("-Dorg.bytedeco.javacpp.cachedir=" + natives);
        environment.put("GV_CACHE", "my cache");
        assertThat(gv("doctor").out()).contains("-Djava.io.tmpdir=" + folder.toRealPath() + "/my cache/tmp");
        Files.writeString(folder.resolve("file"), "");
        environment.put("GV_CACHE", "file");
        assertRefused(gv("doctor"), "cannot write file", "set GV_CACHE");
    }

    @Test
    void anInstallationThatCannotBeWrittenUsesTheUsersCache() throws IOException {
        gv("doctor");
        // A file where the folder should be stops every user, even the one who may write anything.
        com.google.common.io.MoreFiles.deleteRecursively(
                home.resolve("target"), com.google.common.io.RecursiveDeleteOption.ALLOW_INSECURE);
        Files.writeString(home.resolve("target"), "");
        Path cache = folder.toRealPath().resolve("user/.cache/general-vision");
        assertThat(gv("doctor").out()).contains("-Djna.tmpdir=" + cache + "/jna");
        environment.remove("HOME");
        assertRefused(gv("doctor"), "set GV_CACHE");
    }

    @ParameterizedTest
    @CsvSource({
        "GV_HEAP,lots",
        "GV_HEAP,2x",
        "GV_HEAP,2g3",
        "GV_HEAP,-1g",
        "GV_THREADS,0",
        "GV_THREADS,two",
        "GV_LOG,loud"
    })
    void settingsThatJavaWouldNotUnderstandAreNamed(String name, String value) {
        environment.put(name, value);
        assertRefused(gv("doctor"), name, value);
    }

    @ParameterizedTest
    @CsvSource({
        "GV_HEAP,900m,-Xmx900m",
        "GV_HEAP,3000000000,-Xmx3000000000",
        "GV_THREADS,12,-Dai.djl.pytorch.num_threads=12"
    })
    void settingsReachJava(String name, String value, String option) {
        environment.put(name, value);
        assertThat(gv("doctor").out().lines()).contains(option);
    }

    private static void assertRefused(Outcome outcome, String... says) {
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("gv: ").contains(says);
    }
}

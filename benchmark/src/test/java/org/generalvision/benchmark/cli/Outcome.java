package org.generalvision.benchmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.generalvision.benchmark.stage.SmallPretraining;
import picocli.CommandLine;

/** How a command of {@code gv} ended and what it said. */
record Outcome(int status, String out, String err) {
    private static final long SECONDS_OF_PATIENCE = 300;

    /** Runs a command in this process. */
    static Outcome of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Gv.commandLine(arguments);
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = commandLine.execute(arguments);
        return new Outcome(status, out.toString(), err.toString());
    }

    /** Runs a desk recipe, made small, in this process. */
    static Outcome pretrain(String recipe, String... more) {
        List<String> arguments = new ArrayList<>(List.of("pretrain", recipe));
        arguments.addAll(SmallPretraining.OVERRIDES);
        arguments.addAll(List.of(more));
        return of(arguments.toArray(String[]::new));
    }

    /** Starts a command in a process of its own, with this one's Java and options. */
    static Process start(Path folder, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Gv.class.getName()));
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(folder.resolve("err.txt").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a process that was started in a folder. */
    static Outcome of(Process process, Path folder) {
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(SECONDS_OF_PATIENCE, TimeUnit.SECONDS)).isTrue();
            return new Outcome(process.exitValue(), out, java.nio.file.Files.readString(folder.resolve("err.txt")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Runs a command in this process and returns what it printed: on standard output if it is to end well, else on the other. */
    static String gv(int expected, String... arguments) {
        Outcome outcome = of(arguments);
        assertThat(outcome.status).as(outcome.err).isEqualTo(expected);
        return expected == 0 ? outcome.out : outcome.err;
    }

    /** Bad input: exit status 2, nothing on standard output, and one line that names what is wrong. */
    void assertRefused(String... says) {
        assertThat(status).as(err).isEqualTo(2);
        assertThat(out).isEmpty();
        assertThat(err).startsWith("gv: ").contains(says);
        assertThat(err.lines()).hasSize(1);
    }
}

package org.generalvision.benchmark.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * A child process that runs a {@code gv} command with this process's Java, options and class path. None outlives this process.
 *
 * <p>A Ctrl-C at the terminal reaches this process alone, which decides what becomes of its children.
 */
public final class GvProcess implements AutoCloseable {
    private static final String MAIN = "org.generalvision.benchmark.cli.Gv";
    private static final String THREADS = "-Dai.djl.pytorch.num_threads=";
    private static final int LINES = 15;
    private static final double PATIENCE_SECONDS = 60;

    private final List<String> arguments;
    private final Process process;
    private final Thread hook;
    private final Path log;

    private GvProcess(List<String> arguments, Process process, Path log) {
        this.arguments = arguments;
        this.process = process;
        this.log = log;
        hook = new Thread(process::destroyForcibly, "kill-child");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts a command with as many engine threads as this process has.
     *
     * @param arguments of {@code gv}
     * @param log gets what it prints, after what is there
     */
    public static GvProcess start(List<String> arguments, Path log) {
        return start(ManagementFactory.getRuntimeMXBean().getInputArguments(), arguments, log);
    }

    /** Starts a command with a number of engine threads. */
    public static GvProcess start(List<String> arguments, int threads, Path log) {
        List<String> options =
                new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
        options.removeIf(option -> option.startsWith(THREADS));
        options.add(THREADS + threads);
        return start(options, arguments, log);
    }

    private static GvProcess start(List<String> options, List<String> arguments, Path log) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' HUP INT; exec \"$0\" \"$@\""));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return new GvProcess(List.copyOf(arguments), process, log);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + command.get(0), e);
        }
    }

    /** Is completed when the process has ended. */
    public CompletableFuture<Process> onExit() {
        return process.onExit();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits; whether the process has ended. */
    public boolean endsWithin(double seconds) {
        try {
            return process.waitFor((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a child process was running", e);
        }
    }

    /** SIGTERM: a training saves and ends. */
    public void terminate() {
        process.destroy();
    }

    /** SIGKILL, and wait until the process is gone and its locks with it. */
    public void kill() {
        process.destroyForcibly();
        endsWithin(PATIENCE_SECONDS);
    }

    /**
     * That the process, which has ended, did what it was asked for.
     *
     * @throws IllegalArgumentException if it refused its input
     * @throws UncheckedIOException if it failed
     */
    public void requireSuccess() {
        int status = process.exitValue();
        if (status == 2) {
            throw new IllegalArgumentException("gv %s refused its input:%n%s".formatted(arguments.get(0), lastLines()));
        }
        if (status != 0) {
            throw new UncheckedIOException(new IOException(
                    "gv %s ended with status %d:%n%s".formatted(arguments.get(0), status, lastLines())));
        }
    }

    private String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        } catch (IOException e) {
            return "(its log " + log + " cannot be read)";
        }
    }

    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process is ending, and the hook is running.
            LoggerFactory.getLogger(GvProcess.class).debug("Closed during shutdown", e);
        }
    }
}

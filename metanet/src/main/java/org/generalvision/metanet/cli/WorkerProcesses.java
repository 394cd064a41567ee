package org.generalvision.metanet.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Child processes that evaluate for a search, with this process's Java, options and class path. They end by themselves when the
 * search does, however that is; {@link #close} waits for it.
 */
final class WorkerProcesses implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final List<Process> processes = new ArrayList<>();

    /** No process. */
    static WorkerProcesses none() {
        return new WorkerProcesses();
    }

    /**
     * Starts some.
     *
     * @param mainClass the program's
     * @param arguments of its command line
     * @param directory run directory, which holds the children's logs
     */
    static WorkerProcesses start(int count, String mainClass, List<String> arguments, Path directory) {
        WorkerProcesses workers = new WorkerProcesses();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        for (int i = 1; i <= count; i++) {
            Path log = directory.resolve("worker-" + i + ".log");
            try {
                workers.processes.add(new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start());
            } catch (IOException e) {
                workers.close();
                throw new UncheckedIOException("Cannot start a worker: " + e.getMessage(), e);
            }
        }
        return workers;
    }

    /** What to say of those that ended although the search goes on, or null. */
    @Nullable
    String complaint() {
        long dead = processes.stream().filter(process -> !process.isAlive()).count();
        return dead == 0 ? null : "%d of %d workers ended early; see their logs".formatted(dead, processes.size());
    }

    @Override
    public void close() {
        for (Process process : processes) {
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}

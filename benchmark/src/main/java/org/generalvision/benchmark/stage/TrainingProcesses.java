package org.generalvision.benchmark.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.generalvision.benchmark.process.GvProcess;
import org.generalvision.train.StopRequest;
import org.generalvision.weights.DurableFile;

/**
 * Does trainings side by side, each by {@code gv pretrain} in a process of its own. Small networks gain little from a second
 * engine thread, so two processes of one thread each do far more than one of two.
 *
 * @param trainings knows where they lie, and which are complete
 * @param jobs how many at a time
 * @param say is told when a training ends
 * @param stop how the work is ended early: those that run save a checkpoint
 */
public record TrainingProcesses(Trainings trainings, int jobs, Consumer<String> say, StopRequest stop) {
    private static final double PATIENCE_SECONDS = 600;

    public TrainingProcesses {
        if (jobs < 1) {
            throw new IllegalArgumentException("The number of jobs must be at least 1, and is " + jobs);
        }
    }

    private record Running(GvProcess process, long since) {}

    /**
     * Does those that are not complete, and what they begin with; where several may start, the first ones do.
     *
     * @throws CancellationException if a stop was requested
     */
    public void run(Collection<Training> wanted) {
        Set<Training> waiting = new LinkedHashSet<>();
        wanted.forEach(training -> collect(training, waiting));
        int all = waiting.size();
        Map<Training, Running> running = new LinkedHashMap<>();
        stop.watch(true);
        try {
            while (!waiting.isEmpty() || !running.isEmpty()) {
                if (stop.requested()) {
                    throw new CancellationException(
                            "Stopped; %d of %d trainings are missing".formatted(waiting.size() + running.size(), all));
                }
                startReady(waiting, running);
                awaitOne(running);
                collectEnded(running, all - waiting.size(), all);
            }
        } finally {
            end(running);
            stop.watch(false);
        }
    }

    /** What a training begins with comes before it. */
    private void collect(Training training, Set<Training> waiting) {
        if (!waiting.contains(training) && trainings.complete(training).isEmpty()) {
            training.before().forEach(other -> collect(other, waiting));
            waiting.add(training);
        }
    }

    private void startReady(Set<Training> waiting, Map<Training, Running> running) {
        Iterator<Training> each = waiting.iterator();
        while (running.size() < jobs && each.hasNext()) {
            Training training = each.next();
            if (training.before().allMatch(other -> trainings.complete(other).isPresent())) {
                each.remove();
                running.put(training, new Running(start(training), System.nanoTime()));
            }
        }
    }

    private GvProcess start(Training training) {
        Path directory = trainings.directory(training);
        Path recipe = directory.resolveSibling(directory.getFileName() + ".yaml");
        createDirectory(directory);
        DurableFile.write(recipe, trainings.recipe(training).text());
        List<String> arguments = new ArrayList<>(List.of("pretrain", recipe.toString(), "--resume", "--no-gate"));
        arguments.addAll(List.of("--run-dir", directory.toString()));
        arguments.addAll(List.of("--cache", trainings.cache().toString()));
        Training from = training.from();
        if (from != null) {
            arguments.addAll(
                    List.of("--initialize-from", trainings.directory(from).toString()));
        }
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / jobs);
        return GvProcess.start(arguments, threads, directory.resolveSibling(directory.getFileName() + ".log"));
    }

    private static void createDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create " + directory, e);
        }
    }

    /** Until one has ended, or for a moment, so that a stop is noticed. */
    private static void awaitOne(Map<Training, Running> running) {
        CompletableFuture<?>[] exits =
                running.values().stream().map(one -> one.process.onExit()).toArray(CompletableFuture[]::new);
        CompletableFuture.anyOf(exits)
                .completeOnTimeout(null, 1, TimeUnit.SECONDS)
                .join();
    }

    private void collectEnded(Map<Training, Running> running, int started, int all) {
        Iterator<Map.Entry<Training, Running>> each = running.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<Training, Running> entry = each.next();
            Running one = entry.getValue();
            if (one.process.isAlive()) {
                continue;
            }
            one.process.requireSuccess();
            if (trainings.complete(entry.getKey()).isEmpty()) {
                throw new CancellationException("Stopped in " + entry.getKey().name());
            }
            one.process.close();
            each.remove();
            say.accept(String.format(
                    Locale.ROOT,
                    "%d of %d: %s in %.0f s",
                    started - running.size(),
                    all,
                    entry.getKey().name(),
                    (System.nanoTime() - one.since) / 1e9));
        }
    }

    /** Asks those that run to save, and waits until they have. */
    private static void end(Map<Training, Running> running) {
        running.values().forEach(one -> one.process.terminate());
        running.values().forEach(one -> {
            one.process.endsWithin(PATIENCE_SECONDS);
            one.process.close();
        });
    }
}

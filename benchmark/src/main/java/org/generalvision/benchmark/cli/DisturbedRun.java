package org.generalvision.benchmark.cli;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.generalvision.benchmark.process.GvProcess;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.train.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * Child processes that run {@code gv pretrain} with this process's Java, options and class path, and are killed.
 *
 * <p>The moments are drawn by progress, not by the clock, because the speed of a machine changes: kill number i of n falls at
 * a random moment of a random step in the i-th n-th of the run's first four fifths, so the run cannot have ended before
 * the last one. Every fifth kill falls into the start-up instead.
 */
final class DisturbedRun {
    private static final double SHARE_OF_RUN = 0.8;
    private static final Pattern STEP = Pattern.compile("\"step\"\\s*:\\s*(\\d+)");
    private static final double SECONDS_OF_PATIENCE = 7200;

    private final Path folder;
    private final String recipe;
    private final List<String> settings;
    private final @Nullable Path initializeFrom;
    private final PrintWriter err;

    /**
     * Runs of a recipe.
     *
     * @param folder where the children's logs and caches go
     * @param settings overrides of the recipe
     * @param initializeFrom weights that both runs begin with, or null
     * @param err is told what happens
     */
    DisturbedRun(Path folder, String recipe, List<String> settings, @Nullable Path initializeFrom, PrintWriter err) {
        this.folder = folder;
        this.recipe = recipe;
        this.settings = List.copyOf(settings);
        this.initializeFrom = initializeFrom;
        this.err = err;
    }

    /** Runs to the end. */
    void runUndisturbed(Path run) {
        say("undisturbed run ...");
        long start = System.nanoTime();
        try (GvProcess child = start(run, false)) {
            child.endsWithin(SECONDS_OF_PATIENCE);
            child.requireSuccess();
        }
        say("undisturbed run took %.1f s".formatted(secondsSince(start)));
    }

    /**
     * Runs to the end with so many kills on the way, and returns the steps of the checkpoints that were resumed from.
     *
     * @param steps of the run
     * @param plant whether to flip one bit of the first checkpoint that is resumed from
     */
    List<Long> runDisturbed(Path run, int kills, int steps, long seed, boolean plant) {
        RandomGenerator random = RandomStream.of(seed, 0, kills, "verify-resume");
        List<Long> resumedFrom = new ArrayList<>();
        boolean planted = !plant;
        for (int kill = 0; kill <= kills; kill++) {
            long newest = kill == 0 ? 0 : newestStep(run);
            if (kill > 0) {
                resumedFrom.add(newest);
            }
            if (!planted && newest > 0) {
                flipOneBit(run.resolve(String.format(Locale.ROOT, "step-%08d", newest)));
                say("planted one flipped bit in the weights of step " + newest);
                planted = true;
            }
            try (GvProcess child = start(run, kill > 0)) {
                if (kill == kills) {
                    child.endsWithin(SECONDS_OF_PATIENCE);
                    child.requireSuccess();
                } else {
                    killAtRandom(
                            child, run, kill + 1, (kill + random.nextDouble()) * SHARE_OF_RUN * steps / kills, random);
                }
            }
        }
        if (!planted) {
            throw new IllegalStateException("No checkpoint was there to plant a bit in; use more --steps or --rounds");
        }
        return resumedFrom;
    }

    private void killAtRandom(GvProcess child, Path run, int number, double atStep, RandomGenerator random) {
        long start = System.nanoTime();
        if (number % 5 == 0) {
            child.endsWithin(random.nextDouble());
        } else {
            double secondsPerStep = awaitStep(child, run, atStep);
            child.endsWithin(random.nextDouble() * secondsPerStep);
        }
        if (!child.isAlive()) {
            child.requireSuccess();
            throw new IllegalArgumentException(
                    "The run ended before kill " + number + "; use more --steps, and no override of train.logEvery");
        }
        child.kill();
        say("kill %d after %.2f s, at step %d".formatted(number, secondsSince(start), lastStep(run)));
    }

    /** Waits until a child has written the metrics of a step, and returns how long its steps take, in seconds. */
    private static double awaitStep(GvProcess child, Path run, double step) {
        long sizeBefore = metricsSize(run);
        while (metricsSize(run) == sizeBefore && !child.endsWithin(0.01)) {
            // The lines of the killed child are still there; the new one cuts them back first.
        }
        long first = lastStep(run);
        long begin = System.nanoTime();
        while (lastStep(run) < step && !child.endsWithin(0.01)) {
            // not yet there
        }
        return secondsSince(begin) / Math.max(1, lastStep(run) - first);
    }

    /** The step of the last line of the metrics; 0 if there is none. */
    private static long lastStep(Path run) {
        try {
            Path metrics = run.resolve("metrics.jsonl");
            Matcher matcher = STEP.matcher(Files.exists(metrics) ? Files.readString(metrics) : "");
            long last = 0;
            while (matcher.find()) {
                last = Long.parseLong(matcher.group(1));
            }
            return last;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot watch " + run, e);
        }
    }

    private static long metricsSize(Path run) {
        try {
            Path metrics = run.resolve("metrics.jsonl");
            return Files.exists(metrics) ? Files.size(metrics) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot watch " + run, e);
        }
    }

    private static long newestStep(Path run) {
        try (Stream<Path> files = Files.list(run)) {
            return files.filter(path -> Files.exists(path.resolve("COMPLETE")))
                    .map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> name.startsWith("step-"))
                    .mapToLong(name -> Long.parseLong(name.substring("step-".length())))
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + run, e);
        }
    }

    /** Flips the lowest bit of the last weight, and renews the hashes so that the checkpoint still looks undamaged. */
    static void flipOneBit(Path checkpoint) {
        try {
            Path model = Checkpoint.open(checkpoint).model();
            byte[] bytes = Files.readAllBytes(model);
            String before = Hashing.sha256().hashBytes(bytes).toString();
            bytes[bytes.length - 4] ^= 1;
            Files.write(model, bytes);
            Path provenance = checkpoint.resolve("provenance.json");
            String text = Files.readString(provenance)
                    .replace(before, Hashing.sha256().hashBytes(bytes).toString());
            Files.writeString(provenance, text);
            String hash =
                    Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
            Files.writeString(checkpoint.resolve("COMPLETE"), hash + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot change " + checkpoint, e);
        }
    }

    private GvProcess start(Path run, boolean resume) {
        List<String> arguments = new ArrayList<>(List.of("pretrain", recipe, "--run-dir", run.toString()));
        arguments.addAll(List.of("--cache", folder.resolve("cache").toString()));
        if (initializeFrom != null) {
            arguments.addAll(List.of("--initialize-from", initializeFrom.toString()));
        }
        arguments.add("--no-gate"); // so short a run reaches nothing
        if (resume) {
            arguments.add("--resume");
        }
        arguments.addAll(settings);
        return GvProcess.start(arguments, folder.resolve(run.getFileName() + ".log"));
    }

    private void say(String message) {
        err.println("verify-resume: " + message);
        err.flush();
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}

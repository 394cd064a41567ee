package org.generalvision.benchmark.cli;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.ResumeProof;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv verify-resume}: proves on a user's own recipe that a killed run ends as if it had not been killed. */
@Command(
        name = "verify-resume",
        mixinStandardHelpOptions = true,
        description = {
            "Run a recipe twice: once undisturbed, once killed (SIGKILL) at random moments and resumed each time. Weights,"
                    + " optimizer state, data order and metrics must be the same to the byte.",
            "Checkpoints are saved often enough that the kills fall between different ones (train.saveEvery), unless an"
                    + " override says otherwise. Exit status 1 if anything differs."
        },
        footer = {
            "",
            "Example: gv verify-resume amateur-desk --rounds 8 train.precision=mixed",
            "         gv verify-resume local-desk --initialize-from runs/amateur-desk"
        })
final class VerifyResumeCommand implements Callable<Integer> {
    private static final int FEWEST_ROUNDS = 5;

    @Parameters(index = "0", paramLabel = "RECIPE", description = "Name of a shipped recipe, or a file.")
    private String recipe;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE", description = "Other values for keys.")
    private List<String> overrides = List.of();

    @Option(names = "--rounds", defaultValue = "5", description = "Kills, at least 5 (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--steps", defaultValue = "40", description = "Steps of the run (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--seed", defaultValue = "0", description = "Of the moments (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--initialize-from",
            paramLabel = "WEIGHTS",
            description = "Both runs begin with the weights of this checkpoint, which some stages need.")
    private @Nullable Path initializeFrom;

    @Option(
            names = "--plant",
            description = "Flip one bit of the weights in a checkpoint on the way, to see that the comparison notices.")
    private boolean plant;

    @Option(names = "--out", paramLabel = "DIR", description = "Keep both runs in DIR, which must not exist yet.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print a JSON document.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private record Report(boolean same, int kills, List<Long> resumedFromSteps, List<String> differences) {}

    @Override
    public Integer call() {
        require(rounds >= FEWEST_ROUNDS, "--rounds must be at least " + FEWEST_ROUNDS + ", but is " + rounds);
        require(steps >= 2 * rounds, "--steps must be at least twice --rounds (" + 2 * rounds + "), but is " + steps);
        require(out == null || !Files.exists(out), "--out " + out + " exists already; name a new directory");
        List<String> settings = settings();
        Recipe.load(recipe).with(settings); // refuse a wrong recipe before anything is started
        Path folder = folder();
        DisturbedRun runs = new DisturbedRun(
                folder, recipe, settings, initializeFrom, spec.commandLine().getErr());
        Path undisturbed = folder.resolve("undisturbed");
        Path disturbed = folder.resolve("disturbed");
        runs.runUndisturbed(undisturbed);
        List<Long> resumedFrom = runs.runDisturbed(disturbed, rounds, steps, seed, plant);
        ResumeProof.Difference difference = ResumeProof.compare(undisturbed, disturbed);
        print(new Report(difference.none(), rounds, resumedFrom, difference.what()));
        if (out == null && difference.none()) {
            delete(folder);
        } else {
            spec.commandLine().getErr().println("Both runs are kept in " + folder);
        }
        return difference.none() ? 0 : 1;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** The overrides of both runs: the user's come last and win. */
    private List<String> settings() {
        List<String> settings = new ArrayList<>();
        settings.add("train.steps=" + steps);
        settings.add("train.saveEvery=" + Math.max(1, steps / (2 * rounds)));
        settings.add("train.logEvery=1");
        settings.addAll(overrides);
        return settings;
    }

    private Path folder() {
        try {
            return out == null ? Files.createTempDirectory("gv-verify-resume") : Files.createDirectories(out);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a directory for the runs", e);
        }
    }

    private static void delete(Path folder) {
        try {
            MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove " + folder, e);
        }
    }

    private void print(Report report) {
        if (json) {
            Json.print(spec, report);
            return;
        }
        var printer = spec.commandLine().getOut();
        if (report.same()) {
            printer.printf(
                    "The same to the byte after %d kills (resumed from steps %s): weights, optimizer state, data order,"
                            + " metrics.%n",
                    report.kills(), report.resumedFromSteps());
        } else {
            printer.printf(
                    "Different after %d kills (resumed from steps %s):%n", report.kills(), report.resumedFromSteps());
            report.differences().forEach(line -> printer.println("  " + line));
        }
    }
}

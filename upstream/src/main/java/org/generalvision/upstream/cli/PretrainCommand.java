package org.generalvision.upstream.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.generalvision.metanet.cli.RecipeArguments;
import org.generalvision.metanet.cli.StopSignals;
import org.generalvision.metanet.cli.TrainProgress;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.Origin;
import org.generalvision.train.StageRun;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.generalist.GateReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv pretrain}: reads the recipe, applies overrides, opens a run directory and trains. */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        description = "Runs the recipe of an upstream stage.",
        footer = {
            "",
            "Example: gv pretrain amateur-desk train.steps=200 --run-dir runs/first",
            "         gv pretrain RUN/recipe.yaml --replay RUN/failed-step-00000007",
            "Ctrl-C or SIGTERM saves a checkpoint and ends with status 130 or 143; the same command with --resume goes on.",
            "A second Ctrl-C ends at once.",
            "Exit status 1 after the last checkpoint if a generalist falls short of its experts by more than its recipe allows."
        })
public final class PretrainCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything.
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private RecipeArguments arguments;

    @Option(names = "--resume", description = "Go on with the newest checkpoint of the run directory.")
    private boolean resume;

    @Option(
            names = "--resume-from",
            paramLabel = "CHECKPOINT",
            description = "Begin as a continuation of another run's checkpoint.")
    private @Nullable Path resumeFrom;

    @Option(
            names = "--initialize-from",
            paramLabel = "WEIGHTS",
            description = "Begin with the weights of a checkpoint or a safetensors file.")
    private @Nullable Path initializeFrom;

    @Option(
            names = "--replay",
            paramLabel = "BUNDLE",
            description =
                    "Only run the failed step of BUNDLE again, which a run leaves behind when a loss is not finite"
                            + " (default run directory: BUNDLE/replay).")
    private @Nullable Path replay;

    @Option(names = "--no-gate", description = "Compare with the experts as the recipe says, but do not fail.")
    private boolean noGate;

    @Override
    public Integer call() {
        Recipe resolved = arguments.resolved();
        UpstreamRecipe stage = resolved.as(UpstreamRecipe.class);
        Path directory = directory(resolved);
        requireFresh(directory);
        try (StopSignals signals = StopSignals.listen()) {
            Checkpoint checkpoint = stage.run(new StageRun(
                    directory,
                    resolved.text(),
                    new Origin(resumeFrom, initializeFrom, replay),
                    arguments.cache(),
                    TrainProgress.onStandardError(resolved.name()),
                    signals.request()));
            print(checkpoint);
            if (replay != null) {
                return 0;
            }
            if (checkpoint.step() < stage.train().steps()) {
                return signals.exitStatus();
            }
            GateReport report = stage.gate(checkpoint);
            report.table().forEach(spec.commandLine().getOut()::println);
            return report.passed() || noGate ? 0 : 1;
        }
    }

    private Path directory(Recipe resolved) {
        return replay != null && arguments.runDirectory().isEmpty()
                ? replay.resolve("replay")
                : arguments.runDirectory(resolved);
    }

    private void print(Checkpoint checkpoint) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(checkpoint.path());
        checkpoint.evaluation().forEach((name, value) -> out.printf(Locale.ROOT, "%s %.4f%n", name, value));
        out.flush();
    }

    /** A run is not continued, and its metrics not overwritten, by accident. */
    private void requireFresh(Path directory) {
        if (!resume && Files.exists(directory.resolve("metrics.jsonl"))) {
            throw new IllegalArgumentException(
                    "%s holds a run already; use --resume to go on with it, or another --run-dir".formatted(directory));
        }
    }
}

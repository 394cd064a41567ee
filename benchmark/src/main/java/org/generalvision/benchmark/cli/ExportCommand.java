package org.generalvision.benchmark.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.generalvision.benchmark.export.Release;
import org.generalvision.train.Checkpoint;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv export}: releases a checkpoint. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Releases a checkpoint: a directory with model.safetensors, card.json and recipe.yaml.",
            "Averaged weights are released where the run averages."
        },
        footer = {
            "",
            "Example: gv export runs/amateur-desk --format backbone --out released",
            "         gv zoo forward --model mn-n --weights released/model.safetensors --input x.safetensors --output y.safetensors"
        })
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
public final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "CHECKPOINT",
            description = "A checkpoint's directory, or a run directory for its newest one.")
    private Path checkpoint;

    @Option(
            names = "--format",
            defaultValue = "backbone",
            description = {
                "What is released (default ${DEFAULT-VALUE}): backbone, the image network under the zoo's own names; whole, all"
                        + " weights under the checkpoint's names, without what only training needs."
            })
    private Release.Format format;

    @Option(
            names = "--branch",
            paramLabel = "NAME",
            description = "Branch of a soft generalist whose image network it is.")
    private @Nullable String branch;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Directory to make.")
    private Path out;

    @Option(names = "--json", description = "Print the card as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Release.Card card = new Release(Checkpoint.open(checkpoint), format, branch).write(out);
        PrintWriter output = spec.commandLine().getOut();
        if (json) {
            Json.print(spec, card);
        } else {
            output.printf(
                    "%s: %s of %s at step %d (%s, %d pixels)%n",
                    out,
                    format.name().toLowerCase(Locale.ROOT),
                    card.kind(),
                    card.step(),
                    card.network(),
                    card.resolution());
        }
        output.flush();
        return 0;
    }
}

package org.generalvision.metanet.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.generalvision.zoo.ZooCatalog;
import org.generalvision.zoo.ZooEntry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what one network is made of. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description =
                "Shows the stages of a network: shapes, parameters, multiply-adds, activation bytes, and with --measure"
                        + " how long each takes on this machine, forward and backward.")
final class ZooDescribeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NETWORK",
            description =
                    "Name, for example mn-b4 (see 'gv zoo list'), the line of an architecture in quotes, or a recipe"
                            + " (.yaml) that holds one.")
    private String name;

    @Option(names = "--resolution", paramLabel = "PX", description = "Side of the square picture; default: its own.")
    private @Nullable Integer resolution;

    @Option(names = "--classes", paramLabel = "N", description = "Number of classes, 0 for none; default: its own.")
    private @Nullable Integer classes;

    @Option(names = "--measure", description = "Run the network with random weights and time its stages.")
    private boolean measure;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1",
            description = "Pictures in a measured pass; default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Measured passes, of which the median is shown; default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        requireAtLeastOne("--batch", batch);
        requireAtLeastOne("--rounds", rounds);
        ZooEntry entry = ZooCatalog.entry(name);
        int outputs = classes == null ? entry.classes() : classes;
        int side = resolution == null ? entry.resolution() : resolution;
        NetworkCost cost = NetworkCost.of(entry, outputs, side);
        if (measure) {
            cost = cost.with(NetworkTiming.of(entry, outputs, side, batch, rounds));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.document(cost));
        } else {
            print(cost, out);
        }
        out.flush();
        return 0;
    }

    private static void requireAtLeastOne(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " must be at least 1: " + value);
        }
    }

    private static void print(NetworkCost cost, PrintWriter out) {
        out.printf("%s (%s), %d px, %d classes%n%n", cost.name(), cost.source(), cost.resolution(), cost.classes());
        out.printf("%-12s %18s %14s %12s %14s%n", "stage", "output", "params", "MMAC", "activations kB");
        for (NetworkCost.Stage stage : cost.stages()) {
            String output = stage.output().stream().map(String::valueOf).collect(Collectors.joining(" x "));
            printLine(out, stage.name(), output, stage.params(), stage.macs() / 1e6, stage.activationBytes());
        }
        printLine(out, "all", "", cost.params(), cost.gmacs() * 1e3, cost.activationBytes());
        if (cost.timing() != null) {
            print(cost.timing(), out);
        }
    }

    private static void print(NetworkTiming timing, PrintWriter out) {
        out.printf(
                "%nmilliseconds in training, batch %d, %d threads, median of %d; best precision: %s%n%n",
                timing.batch(), timing.threads(), timing.rounds(), timing.best());
        out.printf("%-12s", "stage");
        timing.precisions().forEach(p -> out.printf(" %18s %9s", p.precision() + " forward", "backward"));
        out.println();
        for (int i = 0; i < timing.precisions().get(0).stages().size(); i++) {
            out.printf("%-12s", timing.precisions().get(0).stages().get(i).name());
            for (NetworkTiming.Measured p : timing.precisions()) {
                printMillis(
                        out,
                        p.stages().get(i).forwardMillis(),
                        p.stages().get(i).backwardMillis());
            }
            out.println();
        }
        out.printf("%-12s", "all");
        timing.precisions().forEach(p -> printMillis(out, p.forwardMillis(), p.backwardMillis()));
        out.println();
    }

    private static void printMillis(PrintWriter out, double forward, double backward) {
        out.printf(Locale.ROOT, " %,18.2f %,9.2f", forward, backward);
    }

    private static void printLine(
            PrintWriter out, String stage, String output, long params, double mmacs, long activationBytes) {
        out.printf(
                Locale.ROOT, "%-12s %18s %,14d %,12.3f %,14.1f%n", stage, output, params, mmacs, activationBytes / 1e3);
    }
}

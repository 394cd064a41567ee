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
        description = "Shows the stages of a network: shapes, parameters, multiply-adds, activation bytes.")
final class ZooDescribeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Network, for example mn-b4; see 'gv zoo list'.")
    private String name;

    @Option(names = "--resolution", paramLabel = "PX", description = "Side of the square picture; default: its own.")
    private @Nullable Integer resolution;

    @Option(names = "--classes", paramLabel = "N", description = "Number of classes, 0 for none; default: its own.")
    private @Nullable Integer classes;

    @Option(names = "--json", description = "Print a JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        ZooEntry entry = ZooCatalog.entry(name);
        NetworkCost cost = NetworkCost.of(
                entry,
                classes == null ? entry.classes() : classes,
                resolution == null ? entry.resolution() : resolution);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.document(cost));
        } else {
            print(cost, out);
        }
        out.flush();
        return 0;
    }

    private static void print(NetworkCost cost, PrintWriter out) {
        out.printf("%s (%s), %d px, %d classes%n%n", cost.name(), cost.source(), cost.resolution(), cost.classes());
        out.printf("%-12s %18s %14s %12s %14s%n", "stage", "output", "params", "MMAC", "activations kB");
        for (NetworkCost.Stage stage : cost.stages()) {
            String output = stage.output().stream().map(String::valueOf).collect(Collectors.joining(" x "));
            printLine(out, stage.name(), output, stage.params(), stage.macs() / 1e6, stage.activationBytes());
        }
        printLine(out, "all", "", cost.params(), cost.gmacs() * 1e3, cost.activationBytes());
    }

    private static void printLine(
            PrintWriter out, String stage, String output, long params, double mmacs, long activationBytes) {
        out.printf(
                Locale.ROOT, "%-12s %18s %,14d %,12.3f %,14.1f%n", stage, output, params, mmacs, activationBytes / 1e3);
    }
}

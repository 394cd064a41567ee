package org.generalvision.metanet.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.generalvision.zoo.ZooCatalog;
import org.generalvision.zoo.ZooEntry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints every network with its size, counted on the spot. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the networks with parameters and multiply-adds at their own resolution.")
final class ZooListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print a JSON array of name, params, gmacs, resolution and source.")
    private boolean json;

    /** One line of the list. */
    record Line(String name, long params, double gmacs, int resolution, int classes, String source) {
        private static Line of(String name) {
            ZooEntry entry = ZooCatalog.entry(name);
            NetworkCost cost = NetworkCost.of(entry, entry.classes(), entry.resolution());
            return new Line(cost.name(), cost.params(), cost.gmacs(), cost.resolution(), cost.classes(), cost.source());
        }
    }

    @Override
    public Integer call() {
        List<Line> lines = ZooCatalog.names().stream().map(Line::of).toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.document(lines));
        } else {
            print(lines, out);
        }
        out.flush();
        return 0;
    }

    private static void print(List<Line> lines, PrintWriter out) {
        out.printf("%-15s %14s %9s %6s %8s  %s%n", "name", "params", "GMAC", "px", "classes", "published");
        for (Line line : lines) {
            out.printf(
                    Locale.ROOT,
                    "%-15s %,14d %9.3f %6d %8s  %s%n",
                    line.name(),
                    line.params(),
                    line.gmacs(),
                    line.resolution(),
                    line.classes() == 0 ? "-" : line.classes(),
                    line.source());
        }
    }
}

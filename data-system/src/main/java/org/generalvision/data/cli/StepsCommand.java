package org.generalvision.data.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.curate.RemovalList;
import org.generalvision.data.store.Location;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv data steps}: which curation steps were taken on a directory. */
@Command(
        name = "steps",
        description = "Print the curation steps that were taken on a directory of shards, and what is left.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before it calls.
final class StepsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            converter = LocationConverter.class,
            description = "Directory of shards, or s3://BUCKET/FOLDER.")
    private Location directory;

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    /** A step as it is printed. */
    record Step(String name, RemovalList.Header header) {}

    /** The document of {@code --json}. */
    record Steps(String hash, long examples, long removed, List<Step> steps, List<Step> undone) {}

    @Override
    public Integer call() {
        try (CuratedSource source = CuratedSource.open(directory)) {
            Steps steps = new Steps(
                    source.hash(), source.size(), source.removed(), named(source.steps()), named(source.undone()));
            if (json) {
                DataCommand.printJson(spec, steps);
            } else {
                print(steps, spec.commandLine().getOut());
            }
        }
        return 0;
    }

    private static List<Step> named(List<RemovalList> lists) {
        return lists.stream().map(list -> new Step(list.name(), list.header())).toList();
    }

    private void print(Steps steps, PrintWriter output) {
        output.printf(
                "%s: %d examples, %d removed, hash %s%n", directory, steps.examples(), steps.removed(), steps.hash());
        steps.steps().forEach(step -> print(step, "", output));
        steps.undone().forEach(step -> print(step, " (undone)", output));
    }

    private static void print(Step step, String state, PrintWriter output) {
        RemovalList.Header header = step.header();
        output.printf(
                "  %s%s: removed %d of %d, settings %s%n",
                step.name(), state, header.removed(), header.examples(), header.settings());
    }
}

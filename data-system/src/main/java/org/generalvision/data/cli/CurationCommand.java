package org.generalvision.data.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.generalvision.data.curate.CurationStep;
import org.generalvision.data.curate.Removal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What all commands that remove examples have in common. */
@Command(mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before it calls.
abstract class CurationCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            converter = LocalConverter.class,
            description = "Directory of shards. Its shards are not changed.")
    Path directory;

    @Option(names = "--dry-run", description = "Only tell what would be removed.")
    boolean dry;

    @Option(names = "--json", description = "Print what was removed as JSON.")
    boolean json;

    /** Name of the step. */
    abstract String step();

    /** What goes into the list's header. */
    abstract Map<String, Object> settings();

    /** Finds what is to be removed; {@code progress} is to be run once for each example. */
    abstract void run(CurationStep step, Runnable progress);

    @Override
    public Integer call() {
        try (CurationStep step = CurationStep.begin(directory, step(), settings(), dry)) {
            try (ProgressReport progress =
                    ProgressReport.start("Examining " + directory, step.source().size(), "examples")) {
                run(step, progress::step);
            }
            return finish(step);
        }
    }

    /** Puts the list in force and prints it; returns the exit status. */
    int finish(CurationStep step) {
        CurationStep.Outcome outcome = step.finish();
        if (json) {
            DataCommand.printJson(spec, outcome);
        } else {
            print(outcome, spec.commandLine().getOut());
        }
        return statusOf(outcome);
    }

    /** The exit status: 0 unless a command fails on what it finds. */
    int statusOf(CurationStep.Outcome outcome) {
        return 0;
    }

    private void print(CurationStep.Outcome outcome, PrintWriter output) {
        output.printf(
                "%s: %s %d of %d examples of %s%n",
                outcome.step(), dry ? "would remove" : "removed", outcome.removed(), outcome.examples(), directory);
        outcome.reasons().forEach((reason, count) -> output.printf("%8d  %s%n", count, reason));
        for (Removal removal : outcome.first()) {
            output.printf("  %s: %s %s%n", removal.id(), removal.reason(), removal.evidence());
        }
        if (outcome.list() != null) {
            output.printf(
                    "list: %s.jsonl; take it back with: gv data undo %s%n",
                    directory.resolve("curation").resolve(outcome.list()), directory);
        }
    }
}

package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.generalvision.data.label.Coverage;
import org.generalvision.data.label.LabelDirectory;
import org.generalvision.data.label.LabelMappings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv data labels undo}: takes back a merge, or the mapping of a whole data set. */
@Command(
        name = "undo",
        description =
                "Take back one entry of the log of merges (a merge, or an earlier undo), or the whole mapping of a data set."
                        + " The log grows by one entry, so this can be undone too.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class LabelsUndoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--labels", required = true, paramLabel = "DIR", description = "Directory of labels.")
    private Path directory;

    @ArgGroup(multiplicity = "1")
    private What what;

    static final class What {
        @Option(
                names = "--entry",
                required = true,
                description = "Number of the entry, as mapping.csv and merges.jsonl show it.")
        private @Nullable Integer entry;

        @Option(names = "--mapping", required = true, paramLabel = "NAME", description = "Name of a data set.")
        private @Nullable String mapping;
    }

    @Option(names = "--json", description = "Print the coverage after it as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        LabelDirectory labels = LabelDirectory.open(directory);
        LabelMappings mappings = new LabelMappings(labels, labels.load());
        Integer entry = what.entry;
        String mapping = what.mapping;
        Coverage coverage =
                mappings.change(log -> entry != null ? log.undo(entry) : log.drop(mapping == null ? "" : mapping));
        if (json) {
            DataCommand.printJson(spec, coverage);
        } else {
            spec.commandLine()
                    .getOut()
                    .printf(
                            "entry %d: took back %s; %d labels mapped, %d ambiguous, %d lost%n",
                            mappings.log().entries().size(),
                            entry != null ? "entry " + entry : "the mapping of " + mapping,
                            coverage.mapped(),
                            coverage.ambiguous(),
                            coverage.lost());
        }
        return 0;
    }
}

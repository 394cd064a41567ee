package org.generalvision.data.cli;

import org.generalvision.data.label.Coverage;
import org.generalvision.data.label.LabelMappings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gv data labels undo}: takes back a merge, or the mapping of a whole data set. */
@Command(
        name = "undo",
        description =
                "Take back one entry of the log of merges (a merge, or an earlier undo), or the whole mapping of a data set."
                        + " The log grows by one entry, so this can be undone too.")
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class LabelsUndoCommand extends MergesCommand {
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

    @Override
    Coverage change(LabelMappings mappings) {
        Integer entry = what.entry;
        String mapping = what.mapping;
        return mappings.change(log -> entry != null ? log.undo(entry) : log.drop(mapping == null ? "" : mapping));
    }

    @Override
    String done(LabelMappings mappings) {
        return "entry %d: took back %s"
                .formatted(
                        mappings.log().entries().size(),
                        what.entry != null ? "entry " + what.entry : "the mapping of " + what.mapping);
    }
}

package org.generalvision.data.cli;

import java.nio.file.Path;
import org.generalvision.data.label.Coverage;
import org.generalvision.data.label.LabelMappings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gv data labels replay}: from the log of merges to what holds. */
@Command(
        name = "replay",
        description =
                "Go through the log of merges again and write what follows from it: mapping.csv and coverage.json. With"
                        + " --log, take over the mappings that hold in the log of another directory.")
final class LabelsReplayCommand extends MergesCommand {
    @Option(names = "--log", paramLabel = "FILE", description = "merges.jsonl of another directory.")
    private @Nullable Path log;

    @Override
    Coverage change(LabelMappings mappings) {
        return log == null ? mappings.replay() : mappings.replay(log);
    }

    @Override
    String done(LabelMappings mappings) {
        return "%s: %d entries".formatted(directory, mappings.log().entries().size());
    }
}

package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.generalvision.data.label.Coverage;
import org.generalvision.data.label.LabelDirectory;
import org.generalvision.data.label.LabelMappings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv data labels replay}: from the log of merges to what holds. */
@Command(
        name = "replay",
        description =
                "Go through the log of merges again and write what follows from it: mapping.csv and coverage.json. With"
                        + " --log, take over the mappings that hold in the log of another directory.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class LabelsReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--labels", required = true, paramLabel = "DIR", description = "Directory of labels.")
    private Path directory;

    @Option(names = "--log", paramLabel = "FILE", description = "merges.jsonl of another directory.")
    private @Nullable Path log;

    @Option(names = "--json", description = "Print the coverage as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        LabelDirectory labels = LabelDirectory.open(directory);
        LabelMappings mappings = new LabelMappings(labels, labels.load());
        Coverage coverage = log == null ? mappings.replay() : mappings.replay(log);
        if (json) {
            DataCommand.printJson(spec, coverage);
        } else {
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s: %d entries; %d labels mapped, %d ambiguous, %d lost%n",
                            directory,
                            mappings.log().entries().size(),
                            coverage.mapped(),
                            coverage.ambiguous(),
                            coverage.lost());
        }
        return 0;
    }
}

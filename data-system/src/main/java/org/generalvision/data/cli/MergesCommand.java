package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.generalvision.data.label.Coverage;
import org.generalvision.data.label.LabelDirectory;
import org.generalvision.data.label.LabelMappings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands that go through the log of merges have in common. */
@Command(mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
abstract class MergesCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec;

    @Option(names = "--labels", required = true, paramLabel = "DIR", description = "Directory of labels.")
    Path directory;

    @Option(names = "--json", description = "Print the coverage after it as JSON.")
    boolean json;

    /** Does it, and returns what the log comes to then. */
    abstract Coverage change(LabelMappings mappings);

    /** What was done, for a person. */
    abstract String done(LabelMappings mappings);

    @Override
    public Integer call() {
        LabelDirectory labels = LabelDirectory.open(directory);
        LabelMappings mappings = new LabelMappings(labels, labels.load());
        Coverage coverage = change(mappings);
        if (json) {
            DataCommand.printJson(spec, coverage);
        } else {
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s; %d labels mapped, %d ambiguous, %d lost%n",
                            done(mappings), coverage.mapped(), coverage.ambiguous(), coverage.lost());
        }
        return 0;
    }
}

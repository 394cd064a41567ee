package org.generalvision.data.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Who does the work of a command: this process, or Spark. */
@SuppressWarnings("NullAway.Init") // picocli sets options with a default before it calls.
final class EngineOptions {
    /** What works. */
    enum Engine {
        local,
        spark
    }

    @Option(
            names = "--engine",
            defaultValue = "local",
            description = "What works: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}). Both yield the same bytes;"
                    + " Spark uses all cores, or a cluster, and needs a build with the Maven profile spark.")
    private Engine engine;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "With --engine spark: Spark's master (default local[*], all cores of this machine).")
    private @Nullable String master;

    /** Whether Spark is asked for. */
    boolean spark() {
        if (master != null && engine == Engine.local) {
            throw new IllegalArgumentException("--master belongs to --engine spark");
        }
        return engine == Engine.spark;
    }

    /** Does the whole command in a process that has Spark; returns its exit status. */
    int runElsewhere(CommandSpec command) {
        List<String> all = command.commandLine().getParseResult().originalArgs();
        return SparkProcess.find(System.getenv()).run(all.subList(all.indexOf(command.name()), all.size()), master);
    }
}

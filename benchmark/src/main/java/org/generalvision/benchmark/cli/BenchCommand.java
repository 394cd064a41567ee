package org.generalvision.benchmark.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gv bench}: the benchmark's parts. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Run the benchmark or one of its parts.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ProbeCommand.class})
final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}

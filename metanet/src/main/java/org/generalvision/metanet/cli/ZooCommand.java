package org.generalvision.metanet.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Joins the commands about networks known by name. */
@Command(
        name = "zoo",
        mixinStandardHelpOptions = true,
        description = "Lists, describes and runs the networks that are known by name.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ZooListCommand.class, ZooDescribeCommand.class, ZooForwardCommand.class})
public final class ZooCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing: list, describe or forward");
    }
}

package org.generalvision.data.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gv data labels}: one label system, and the labels of data sets merged into it. */
@Command(
        name = "labels",
        description = "Import a label system, merge the labels of data sets into it, look into it.",
        mixinStandardHelpOptions = true,
        subcommands = {
            LabelsImportCommand.class,
            LabelsMapCommand.class,
            LabelsShowCommand.class,
            LabelsReportCommand.class,
            LabelsUndoCommand.class,
            LabelsReplayCommand.class,
            LabelsExportCommand.class
        })
final class LabelsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything.
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "Name a subcommand: import, map, show, report, undo, replay or export");
    }
}

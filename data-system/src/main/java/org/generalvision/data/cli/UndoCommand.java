package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.curate.CurationSteps;
import org.generalvision.data.shard.Manifest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv data undo}: takes a curation step back. */
@Command(
        name = "undo",
        description = {
            "Take a curation step back: its examples are there again, unless another step removed them too.",
            "The list is moved aside, so the step can be taken again with --redo."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before it calls.
final class UndoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", converter = LocalConverter.class, description = "Directory of shards.")
    private Path directory;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "STEP",
            description = "Such as 001-exact-duplicates (default: the last step; with --redo the first undone one).")
    private @Nullable String step;

    @Option(names = "--redo", description = "Take a step again that was taken back.")
    private boolean redo;

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Manifest.read(directory);
        CurationSteps steps = new CurationSteps(directory);
        Path list = redo ? steps.redo(step) : steps.undo(step);
        try (CuratedSource source = CuratedSource.open(directory)) {
            if (json) {
                DataCommand.printJson(
                        spec, Map.of("list", list.toString(), "examples", source.size(), "removed", source.removed()));
            } else {
                spec.commandLine()
                        .getOut()
                        .printf(
                                "%s %s; %s has %d examples now, %d are removed%n",
                                list.getFileName(),
                                redo ? "is in force again" : "is taken back, take it again with --redo",
                                directory,
                                source.size(),
                                source.removed());
            }
        }
        return 0;
    }
}

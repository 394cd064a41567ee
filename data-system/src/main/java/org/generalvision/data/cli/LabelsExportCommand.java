package org.generalvision.data.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.generalvision.data.label.JsonExport;
import org.generalvision.data.label.LabelDirectory;
import org.generalvision.data.label.LabelSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv data labels export}: a label system in a public format. */
@Command(
        name = "export",
        description = "Write a label system in the published JSON form (father2child, child2father, id2name, ...).",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class LabelsExportCommand implements Callable<Integer> {
    enum Format {
        json
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--labels", required = true, paramLabel = "DIR", description = "Directory of labels.")
    private Path directory;

    @Option(names = "--format", required = true, description = "Format to write: ${COMPLETION-CANDIDATES}.")
    private Format format;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            converter = OutputConverter.class,
            description = "File to write; must not exist.")
    private Path out;

    @Override
    public Integer call() {
        if (Files.exists(out)) {
            throw new IllegalArgumentException(out + " exists and is not overwritten: name another file or remove it");
        }
        LabelSystem labels = LabelDirectory.open(directory).load();
        switch (format) {
            case json -> JsonExport.write(labels, out);
        }
        spec.commandLine().getOut().printf("%s: %d concepts as %s%n", out, labels.size(), format);
        return 0;
    }
}

package org.generalvision.data.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.generalvision.data.label.CsvLabels;
import org.generalvision.data.label.Imported;
import org.generalvision.data.label.JsonLabels;
import org.generalvision.data.label.LabelDirectory;
import org.generalvision.data.label.LabelSystem;
import org.generalvision.data.label.WordNet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv data labels import}: a label system from a public format. */
@Command(
        name = "import",
        description = "Make a directory of labels from WordNet, a table, or the published JSON form.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class LabelsImportCommand implements Callable<Integer> {
    private static final int SHOWN_HOMONYMS = 5;

    enum Format {
        wordnet,
        csv,
        json
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--from", required = true, description = "Format of the source: ${COMPLETION-CANDIDATES}.")
    private Format from;

    @Option(
            names = "--source",
            required = true,
            paramLabel = "PATH",
            description = "WordNet: its directory, such as /usr/share/wordnet. Otherwise: the file.")
    private Path source;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            converter = OutputConverter.class,
            description = "Directory to make; must not exist.")
    private Path out;

    @Option(
            names = "--homonyms",
            description = "CSV: several labels may have one name. In WordNet and JSON they always may.")
    private boolean homonyms;

    @Option(names = "--json", description = "Print what was imported as JSON.")
    private boolean json;

    /** The document of {@code --json}. */
    record Summary(
            String directory,
            int concepts,
            int names,
            List<String> languages,
            SortedMap<String, Integer> kinds,
            int homonyms,
            List<String> remarks) {}

    @Override
    public Integer call() {
        LabelDirectory.requireNew(out);
        Imported imported = switch (from) {
            case wordnet -> WordNet.read(source);
            case csv -> CsvLabels.read(source, homonyms);
            case json -> JsonLabels.read(source);
        };
        LabelSystem labels = imported.labels();
        LabelDirectory.create(out, labels, imported.morphology(), from + " " + source.getFileName());
        SortedMap<String, List<String>> claimed = labels.homonyms();
        if (json) {
            DataCommand.printJson(
                    spec,
                    new Summary(
                            out.toString(),
                            labels.size(),
                            labels.numNames(),
                            labels.languages(),
                            labels.kinds(),
                            claimed.size(),
                            imported.remarks()));
        } else {
            print(labels, claimed, imported.remarks(), spec.commandLine().getOut());
        }
        return 0;
    }

    private void print(
            LabelSystem labels, Map<String, List<String>> claimed, List<String> remarks, PrintWriter output) {
        output.printf(
                "%s: %d concepts, %d names, languages %s%n",
                out, labels.size(), labels.numNames(), String.join(", ", labels.languages()));
        output.printf("kinds: %s%n", labels.kinds());
        if (!claimed.isEmpty()) {
            output.printf("names that several concepts claim: %d, such as%n", claimed.size());
            claimed.entrySet().stream()
                    .limit(SHOWN_HOMONYMS)
                    .forEach(claim -> output.printf("  %s: %s%n", claim.getKey(), String.join(", ", claim.getValue())));
        }
        remarks.forEach(remark -> output.printf("remark: %s%n", remark));
    }
}

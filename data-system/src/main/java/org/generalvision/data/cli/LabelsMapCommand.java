package org.generalvision.data.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import org.generalvision.data.label.CharacterNgrams;
import org.generalvision.data.label.Coverage;
import org.generalvision.data.label.HandMapping;
import org.generalvision.data.label.Kind;
import org.generalvision.data.label.LabelCounts;
import org.generalvision.data.label.LabelDirectory;
import org.generalvision.data.label.LabelMappings;
import org.generalvision.data.label.LabelMatcher;
import org.generalvision.data.label.LabelMerge;
import org.generalvision.data.label.LabelSystem;
import org.generalvision.data.label.SuggestionSearch;
import org.generalvision.data.shard.ShardReader;
import org.generalvision.data.store.Location;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv data labels map}: merges the labels of a data set into a label system. */
@Command(
        name = "map",
        description = {
            "Merge the labels of a data set into a label system: by id, exact name, base form and synonym, or by hand.",
            "A label that names several concepts stays open, with the concepts in the order of their frequency. Run it"
                    + " again with --hand to settle what is open."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class LabelsMapCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--labels", required = true, paramLabel = "DIR", description = "Directory of labels.")
    private Path directory;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "SHARDS|FILE",
            converter = LocationConverter.class,
            description = "Directory of shards, or s3://BUCKET/FOLDER; or a table (.csv) with the column label and, if"
                    + " wanted, examples; or a text with one label in each line.")
    private Location data;

    @Option(names = "--name", description = "Name of the data set in the log (default: that of the directory or file).")
    private @Nullable String name;

    @Option(
            names = "--hand",
            paramLabel = "FILE",
            description = "Table with the columns label and concept (id, or a name that only it has).")
    private @Nullable Path hand;

    @Option(
            names = "--kinds",
            split = ",",
            paramLabel = "KIND",
            description = "Kinds of concepts that labels may name: object, part, attribute, state, scene, non-visual"
                    + " (default: all).")
    private List<String> kinds = List.of();

    @Option(
            names = "--under",
            paramLabel = "ID",
            description = "Labels may name only this concept and those below it; may be repeated.")
    private List<String> under = List.of();

    @Option(
            names = "--take-first-sense",
            description = "Merge a label that names several concepts into the most frequent; the log says so.")
    private boolean firstSense;

    @Option(
            names = "--suggestions",
            description = "Concepts to suggest for a label that names none (default ${DEFAULT-VALUE}).",
            defaultValue = "3")
    private int suggestions;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            converter = OutputConverter.class,
            description =
                    "Table to write of what is open, with choices: fill its column concept and give it to --hand.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print the coverage of this data set as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        requireNoHandworkIsLost();
        LabelDirectory labelDirectory = LabelDirectory.open(directory);
        LabelSystem labels = labelDirectory.load();
        IntPredicate allowed = allowed(labels);
        LabelMerge merge = new LabelMerge(
                labels,
                labelDirectory.hash(),
                new LabelMatcher(labels, labelDirectory.morphology(), allowed, firstSense),
                new SuggestionSearch(labels, new CharacterNgrams(), allowed),
                suggestions);
        HandMapping byHand = hand == null ? HandMapping.NONE : HandMapping.read(hand, labels);
        LabelCounts counts = counts();
        String dataName = name == null ? data.name() : name;
        Coverage coverage =
                new LabelMappings(labelDirectory, labels).change(log -> merge.map(log, dataName, counts, byHand));
        Coverage.DataSet covered = coverage.dataSets().stream()
                .filter(set -> set.name().equals(dataName))
                .findAny()
                .orElseThrow();
        if (out != null) {
            LabelMappings.writeOpenTable(out, covered);
        }
        if (json) {
            DataCommand.printJson(spec, covered);
        } else {
            print(covered, unused(byHand, counts), spec.commandLine().getOut());
        }
        return 0;
    }

    /** The table of open labels may be written anew, unless someone has worked on it and this run does not read that. */
    private void requireNoHandworkIsLost() {
        if (out == null || !Files.exists(out) || out.equals(hand)) {
            return;
        }
        long filled = HandMapping.filledRows(out);
        if (filled > 0) {
            throw new IllegalArgumentException(
                    "--out %s would lose the concepts that are filled in there (%d): give it to --hand, or name another file"
                            .formatted(out, filled));
        }
    }

    private IntPredicate allowed(LabelSystem labels) {
        Set<Kind> wanted = EnumSet.allOf(Kind.class);
        if (!kinds.isEmpty()) {
            wanted.retainAll(kinds.stream().map(Kind::of).toList());
        }
        int[] tops = under.stream().mapToInt(id -> number(labels, id)).toArray();
        return concept -> wanted.contains(labels.kind(concept)) && (tops.length == 0 || isUnder(labels, tops, concept));
    }

    private static int number(LabelSystem labels, String id) {
        OptionalInt concept = labels.find(id);
        if (concept.isEmpty()) {
            throw new IllegalArgumentException(
                    "--under %s is not the id of a concept; gv data labels show finds ids by name".formatted(id));
        }
        return concept.getAsInt();
    }

    private static boolean isUnder(LabelSystem labels, int[] tops, int concept) {
        for (int top : tops) {
            if (top == concept || labels.isAncestor(top, concept)) {
                return true;
            }
        }
        return false;
    }

    private LabelCounts counts() {
        if (data instanceof Location.Local file && !Files.isDirectory(file.path())) {
            return LabelCounts.read(file.path());
        }
        try (ShardReader reader = ShardReader.open(data);
                ProgressReport progress = ProgressReport.start("Reading " + data, reader.size(), "examples")) {
            return LabelCounts.of(reader, progress::step);
        }
    }

    private static List<String> unused(HandMapping byHand, LabelCounts counts) {
        return byHand.choices().keySet().stream()
                .filter(label -> !counts.counts().containsKey(label))
                .sorted()
                .toList();
    }

    private void print(Coverage.DataSet covered, List<String> unused, PrintWriter output) {
        LabelsReportCommand.print(covered, output);
        if (!unused.isEmpty()) {
            output.printf("by hand, but no label of this data set: %s%n", String.join(", ", unused));
        }
        if (out != null) {
            output.printf("open labels are in %s: fill its column concept and give it to --hand%n", out);
        } else if (covered.ambiguous() + covered.lost() > 0) {
            output.printf("add --out FILE for a table of open labels to fill by hand%n");
        }
    }
}

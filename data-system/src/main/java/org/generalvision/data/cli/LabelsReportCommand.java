package org.generalvision.data.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.generalvision.data.label.Coverage;
import org.generalvision.data.label.LabelDirectory;
import org.generalvision.data.label.LabelMappings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv data labels report}: what maps, what is ambiguous, what is lost. */
@Command(
        name = "report",
        description = "Print what a label system holds and how much of the data sets' labels it covers.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class LabelsReportCommand implements Callable<Integer> {
    private static final int SHOWN = 12;
    private static final int SHOWN_CHOICES = 3;

    @Spec
    private CommandSpec spec;

    @Option(names = "--labels", required = true, paramLabel = "DIR", description = "Directory of labels.")
    private Path directory;

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        LabelDirectory labels = LabelDirectory.open(directory);
        Coverage coverage = new LabelMappings(labels, labels.load()).coverage();
        if (json) {
            DataCommand.printJson(spec, coverage);
        } else {
            print(coverage, spec.commandLine().getOut());
        }
        return 0;
    }

    private static void print(Coverage coverage, PrintWriter output) {
        output.printf(
                "%d concepts, %d of them visual, %d names, languages %s%n",
                coverage.concepts(), coverage.visual(), coverage.names(), String.join(", ", coverage.languages()));
        output.printf("kinds: %s%n", coverage.kinds());
        output.printf("names that several concepts claim: %d%n", coverage.homonyms());
        output.printf(
                "labels: %d mapped, %d ambiguous, %d lost, in %d data sets%n",
                coverage.mapped(),
                coverage.ambiguous(),
                coverage.lost(),
                coverage.dataSets().size());
        coverage.dataSets().forEach(data -> print(data, output));
    }

    /** One data set for people: the counts, and the open labels that most examples carry. */
    static void print(Coverage.DataSet data, PrintWriter output) {
        output.printf(
                "%n%s: %d of %d labels mapped (%.1f %% of their %d uses), %d ambiguous, %d lost%n",
                data.name(),
                data.mapped(),
                data.labels(),
                100 * data.mappedShare(),
                data.uses(),
                data.ambiguous(),
                data.lost());
        output.printf(
                "  merged by rule: %s, into %d concepts, %d with ancestors%n",
                data.rules(), data.concepts(), data.withAncestors());
        if (!data.conflicts().isEmpty()) {
            output.printf(
                    "  concepts that several labels claim: %d%n",
                    data.conflicts().size());
            data.conflicts().stream()
                    .limit(SHOWN)
                    .forEach(conflict -> output.printf(
                            "    %s %s: %s%n",
                            conflict.concept(), conflict.name(), String.join(", ", conflict.labels())));
        }
        print("ambiguous", data.ambiguousLabels(), output);
        print("lost", data.lostLabels(), output);
    }

    private static void print(String what, List<Coverage.Open> open, PrintWriter output) {
        if (open.isEmpty()) {
            return;
        }
        output.printf("  %s, by examples:%n", what);
        open.stream()
                .sorted(Comparator.comparingLong(Coverage.Open::examples)
                        .reversed()
                        .thenComparing(Coverage.Open::label))
                .limit(SHOWN)
                .forEach(label ->
                        output.printf("  %8d  %s%s%n", label.examples(), label.label(), choices(label.choices())));
        if (open.size() > SHOWN) {
            output.printf("            and %d more%n", open.size() - SHOWN);
        }
    }

    private static String choices(List<Coverage.Choice> choices) {
        if (choices.isEmpty()) {
            return "";
        }
        String more = choices.size() > SHOWN_CHOICES ? ", ... (%d)".formatted(choices.size()) : "";
        return choices.stream()
                .limit(SHOWN_CHOICES)
                .map(choice -> "%s %s".formatted(choice.concept(), choice.name()))
                .collect(Collectors.joining(", ", ": ", more));
    }
}

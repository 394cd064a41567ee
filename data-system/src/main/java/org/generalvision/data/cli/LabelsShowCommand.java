package org.generalvision.data.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.generalvision.data.label.CharacterNgrams;
import org.generalvision.data.label.Concept;
import org.generalvision.data.label.LabelDirectory;
import org.generalvision.data.label.LabelMatcher;
import org.generalvision.data.label.LabelSystem;
import org.generalvision.data.label.Match;
import org.generalvision.data.label.Suggestion;
import org.generalvision.data.label.SuggestionSearch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv data labels show}: concepts with their names, and what is above and below them. */
@Command(
        name = "show",
        description =
                "Print the concepts that a name or id means: names, descriptions, the tree above, the concepts below.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before it calls.
final class LabelsShowCommand implements Callable<Integer> {
    private static final int SHOWN_CHILDREN = 20;
    private static final int SUGGESTIONS = 5;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME|ID", description = "A name in any language, or the id of a concept.")
    private String name;

    @Option(names = "--labels", required = true, paramLabel = "DIR", description = "Directory of labels.")
    private Path directory;

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    /** The document of {@code --json}. */
    record Shown(List<Node> concepts) {}

    /** One concept; the preferred names of others stand beside their ids. */
    record Node(
            String id,
            String name,
            String kind,
            List<Concept.Name> names,
            List<Concept.Description> descriptions,
            String state,
            List<Reference> parents,
            List<Reference> ancestors,
            List<Reference> children) {}

    /** Another concept. */
    record Reference(String id, String name) {}

    @Override
    public Integer call() {
        LabelDirectory labelDirectory = LabelDirectory.open(directory);
        LabelSystem labels = labelDirectory.load();
        int[] found = find(labels, labelDirectory);
        if (json) {
            DataCommand.printJson(
                    spec,
                    new Shown(Arrays.stream(found)
                            .mapToObj(concept -> node(labels, concept))
                            .toList()));
        } else {
            PrintWriter output = spec.commandLine().getOut();
            for (int concept : found) {
                print(labels, concept, output);
            }
        }
        return 0;
    }

    private int[] find(LabelSystem labels, LabelDirectory labelDirectory) {
        IntPredicate all = concept -> true;
        Match match = new LabelMatcher(labels, labelDirectory.morphology(), all, false).match(name);
        if (match instanceof Match.Unique unique) {
            return numbers(labels, List.of(unique.concept()));
        }
        if (match instanceof Match.Ambiguous ambiguous) {
            return numbers(labels, ambiguous.candidates());
        }
        StringBuilder close = new StringBuilder();
        for (Suggestion suggestion : new SuggestionSearch(labels, new CharacterNgrams(), all)
                .suggest(List.of(name), SUGGESTIONS)
                .get(0)) {
            close.append(close.isEmpty() ? "; names like it are: " : ", ")
                    .append("%s (%s)".formatted(suggestion.name(), suggestion.concept()));
        }
        throw new IllegalArgumentException(
                "No concept of %s has the name or id '%s'%s".formatted(directory, name, close));
    }

    private static int[] numbers(LabelSystem labels, List<String> ids) {
        return ids.stream().map(labels::find).mapToInt(OptionalInt::orElseThrow).toArray();
    }

    private static Node node(LabelSystem labels, int concept) {
        Concept shown = labels.concept(concept);
        return new Node(
                shown.id(),
                shown.name(),
                shown.kind().text(),
                shown.names(),
                shown.descriptions(),
                shown.state(),
                references(labels, labels.parents(concept)),
                references(labels, labels.ancestors(concept)),
                references(labels, labels.children(concept)));
    }

    private static List<Reference> references(LabelSystem labels, int[] concepts) {
        return Arrays.stream(concepts)
                .mapToObj(concept -> new Reference(labels.id(concept), labels.name(concept)))
                .toList();
    }

    private static void print(LabelSystem labels, int concept, PrintWriter output) {
        Concept shown = labels.concept(concept);
        output.printf("%s  %s  [%s]%n", shown.id(), shown.name(), shown.kind().text());
        for (String language : labels.languages()) {
            List<String> names = shown.names().stream()
                    .filter(name -> name.language().equals(language))
                    .map(Concept.Name::text)
                    .toList();
            if (!names.isEmpty()) {
                output.printf("  names (%s): %s%n", language, String.join(", ", names));
            }
        }
        shown.descriptions()
                .forEach(description -> output.printf("  (%s) %s%n", description.language(), description.text()));
        if (!shown.state().isEmpty()) {
            output.printf("  state: %s%n", shown.state());
        }
        output.printf("  above:%n");
        printAbove(labels, concept, 2, new HashSet<>(), output);
        int[] children = labels.children(concept);
        output.printf("  below: %d%n", children.length);
        IntStream.of(children)
                .limit(SHOWN_CHILDREN)
                .forEach(child -> output.printf("    %s %s%n", labels.id(child), labels.name(child)));
        if (children.length > SHOWN_CHILDREN) {
            output.printf("    and %d more%n", children.length - SHOWN_CHILDREN);
        }
        output.println();
    }

    /** The tree above; what two ways lead to is drawn once, and then named. */
    private static void printAbove(LabelSystem labels, int concept, int depth, Set<Integer> drawn, PrintWriter output) {
        for (int parent : labels.parents(concept)) {
            boolean first = drawn.add(parent);
            boolean more = !first && labels.parents(parent).length > 0;
            output.printf(
                    "%s%s %s%s%n",
                    "  ".repeat(depth), labels.id(parent), labels.name(parent), more ? " (see above)" : "");
            if (first) {
                printAbove(labels, parent, depth + 1, drawn, output);
            }
        }
    }
}

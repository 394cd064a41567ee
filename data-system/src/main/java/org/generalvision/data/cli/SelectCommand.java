package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.generalvision.data.curate.ActiveSelection;
import org.generalvision.data.curate.ClassScores;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.curate.Question;
import org.generalvision.data.curate.SelectionRounds;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv data select}: what is worth asking about next. */
@Command(
        name = "select",
        description = {
            "Choose examples to ask people or a model about: the least sure, rare classes first.",
            "Each question is a JSON line. Answers are JSON lines"
                    + " {\"question\":..,\"voter\":..,\"answer\":\"yes\"|\"no\"}, which gv data votes counts. Rounds are"
                    + " kept in the directory; nothing is asked twice."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class SelectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", converter = LocalConverter.class, description = "Directory of shards.")
    private Path directory;

    @Option(names = "--scores", paramLabel = "FILE", description = "JSON lines {\"id\":..,\"scores\":{CLASS:P,..}}.")
    private @Nullable Path scores;

    @Option(names = "--round", paramLabel = "N", description = "Number of the round (default: the next one).")
    private @Nullable Integer round;

    @Option(
            names = "--count",
            paramLabel = "M",
            defaultValue = "100",
            description = "Questions of the round (default ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--by",
            defaultValue = "margin",
            description = "Measure of uncertainty: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private ActiveSelection.Measure measure;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            converter = OutputConverter.class,
            description = "Questions to write.")
    private @Nullable Path out;

    @Option(names = "--dry-run", description = "Only tell which classes would be asked about.")
    private boolean dry;

    @Option(names = "--undo", description = "Take the last round back: its examples may be asked about again.")
    private boolean undo;

    @Option(names = "--json", description = "Print the counts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        try (CuratedSource source = CuratedSource.open(directory)) {
            SelectionRounds rounds = new SelectionRounds(directory);
            if (undo) {
                print("taken back", rounds.undo(), new TreeMap<>());
                return 0;
            }
            if (scores == null || (out == null && !dry)) {
                throw new IllegalArgumentException("A round needs --scores and, unless it is a --dry-run, --out");
            }
            int number = round == null ? rounds.count() + 1 : round;
            rounds.requireNext(number);
            List<Question> questions = new ActiveSelection(measure, count)
                    .choose(source, ClassScores.read(scores), rounds.questions(), number);
            if (questions.isEmpty()) {
                throw new IllegalArgumentException("There is nothing left to ask about: every example of " + directory
                        + " that has a score was asked about");
            }
            if (out != null && !dry) {
                rounds.add(number, questions, out);
            }
            SortedMap<String, Integer> byLabel = new TreeMap<>();
            questions.forEach(question -> byLabel.merge(question.label(), 1, Integer::sum));
            print(dry ? "would be asked" : "asked", number, byLabel);
        }
        return 0;
    }

    private void print(String state, int number, SortedMap<String, Integer> byLabel) {
        int total = byLabel.values().stream().mapToInt(Integer::intValue).sum();
        if (json) {
            DataCommand.printJson(
                    spec, Map.of("round", number, "state", state, "questions", total, "byLabel", byLabel));
            return;
        }
        spec.commandLine().getOut().printf("round %d is %s: %d questions%n", number, state, total);
        byLabel.forEach((label, questions) -> spec.commandLine().getOut().printf("%8d  %s%n", questions, label));
    }
}

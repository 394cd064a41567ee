package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.generalvision.data.curate.CurationStep;
import org.generalvision.data.curate.Votes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv data votes}: which annotations enough voters agree on. */
@Command(
        name = "votes",
        description =
                "Count the answers to the questions of gv data select, and keep those that enough voters agree on.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class VotesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "QUESTIONS", description = "Questions, as gv data select writes them.")
    private Path questions;

    @Parameters(
            index = "1",
            paramLabel = "ANSWERS",
            description = "JSON lines {\"question\":..,\"voter\":..,\"answer\":\"yes\"|\"no\"}.")
    private Path answers;

    @Option(
            names = "--min-agree",
            defaultValue = "2",
            paramLabel = "K",
            description = "Votes that must agree (default ${DEFAULT-VALUE}).")
    private int minAgree;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            converter = OutputConverter.class,
            description = "Settled questions to write.")
    private Path out;

    @Option(
            names = "--reject-from",
            paramLabel = "DIR",
            converter = LocalConverter.class,
            description =
                    "Remove examples of this directory whose own label was voted down; gv data undo takes it back.")
    private @Nullable Path directory;

    @Option(names = "--dry-run", description = "Only tell the counts.")
    private boolean dry;

    @Option(names = "--json", description = "Print the counts as JSON.")
    private boolean json;

    /** The document of {@code --json}; {@code removed} is null without a directory. */
    record Counts(int yes, int no, int disputed, int open, CurationStep.@Nullable Outcome removed) {}

    @Override
    public Integer call() {
        Votes.Tally tally = new Votes(minAgree).count(questions, answers);
        CurationStep.Outcome outcome = directory == null ? null : reject(directory, tally);
        if (!dry) {
            Votes.write(out, tally.accepted());
        }
        Counts counts = new Counts(tally.yes(), tally.no(), tally.disputed(), tally.open(), outcome);
        if (json) {
            DataCommand.printJson(spec, counts);
        } else {
            print(counts);
        }
        return 0;
    }

    private CurationStep.Outcome reject(Path shards, Votes.Tally tally) {
        Map<String, Object> settings = Map.of("answers", answers.toString(), "minAgree", minAgree);
        try (CurationStep step = CurationStep.begin(shards, "votes", settings, dry);
                ProgressReport progress = ProgressReport.start(
                        "Examining " + shards, step.source().size(), "examples")) {
            Votes.reject(step, tally.accepted(), progress::step);
            return step.finish();
        }
    }

    private void print(Counts counts) {
        var output = spec.commandLine().getOut();
        output.printf(
                "%d questions are settled with yes, %d with no, %d are disputed, %d are open%n",
                counts.yes(), counts.no(), counts.disputed(), counts.open());
        if (counts.removed() != null) {
            output.printf(
                    "%s %d of %d examples of %s%n",
                    dry ? "would remove" : "removed",
                    counts.removed().removed(),
                    counts.removed().examples(),
                    directory);
        }
    }
}

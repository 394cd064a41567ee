package org.generalvision.metanet.cli;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.generalvision.search.Arm;
import org.generalvision.search.Outcome;
import org.generalvision.search.Reward;
import org.generalvision.search.SearchWatch;
import org.generalvision.search.Trial;
import org.generalvision.search.proxy.ProxyEvaluator;
import org.jspecify.annotations.Nullable;

/** One trial of a search made again, alone, and held against its line of the journal. Changes nothing. */
final class TrialRepeat {
    private final SearchRun run;
    private final String search;
    private final Trial journal;

    /**
     * What came out.
     *
     * @param same whether accuracy, curve and failure are those of the journal, to the last bit
     * @param journalReward of the journal
     * @param reward of the repetition, with the journal's cost
     */
    record Comparison(
            String search,
            int trial,
            String architecture,
            boolean same,
            double journalReward,
            double reward,
            double journalAccuracy,
            double accuracy,
            @Nullable String failure) {}

    private TrialRepeat(SearchRun run, String search, Trial journal) {
        this.run = run;
        this.search = search;
        this.journal = journal;
    }

    /**
     * Finds the trial.
     *
     * @param name number of the trial, after the search's name and a slash if that is not PPO with the first seed
     * @throws IllegalArgumentException if there is none of this name
     */
    static TrialRepeat of(String name, SearchRun run) {
        int slash = name.lastIndexOf('/');
        String search = slash < 0
                ? Arm.folder(Arm.Method.PPO, run.typed().search().seeds().get(0))
                : name.substring(0, slash);
        List<Arm> arms = run.arms();
        Arm arm = arms.stream()
                .filter(candidate -> candidate.name().equals(search))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("--trial: there is no journal of %s; the run directory has: %s"
                                .formatted(
                                        search,
                                        String.join(
                                                ", ",
                                                arms.stream().map(Arm::name).toList()))));
        return new TrialRepeat(run, search, trial(name.substring(slash + 1), arm));
    }

    private static Trial trial(String number, Arm arm) {
        int count = arm.trials().size();
        try {
            int trial = Integer.parseInt(number);
            if (trial >= 0 && trial < count) {
                return arm.trials().get(trial);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--trial must be a number, or a search and a number as in ppo-1/17", e);
        }
        throw new IllegalArgumentException(
                "--trial must lie in [0, %d), as %s has %d trials: %s".formatted(count, arm.name(), count, number));
    }

    /** Trains and says what came out; returns the exit status. */
    int run(PrintWriter out, boolean json) {
        Comparison comparison = compare();
        if (json) {
            out.println(Json.document(comparison));
        } else {
            out.printf(
                    Locale.ROOT,
                    "%s/%d  %s%n  journal  reward %.6f  accuracy %.4f%n  again    reward %.6f  accuracy %.4f  %s%n",
                    comparison.search(),
                    comparison.trial(),
                    comparison.architecture(),
                    comparison.journalReward(),
                    comparison.journalAccuracy(),
                    comparison.reward(),
                    comparison.accuracy(),
                    comparison.same() ? "the same" : "DIFFERENT");
        }
        out.flush();
        return comparison.same() ? 0 : 1;
    }

    private Comparison compare() {
        Outcome outcome = evaluate();
        Reward reward = run.typed().search().reward();
        boolean same = outcome.accuracy() == journal.accuracy()
                && outcome.curve().equals(journal.curve())
                && java.util.Objects.equals(outcome.failure(), journal.failure());
        return new Comparison(
                search,
                journal.trial(),
                journal.architecture(),
                same,
                journal.reward(),
                reward.of(outcome.accuracy(), journal.cost(reward.cost())),
                journal.accuracy(),
                outcome.accuracy(),
                outcome.failure());
    }

    private Outcome evaluate() {
        try {
            Path folder = Files.createTempDirectory("gv-trial-");
            try (ProxyEvaluator evaluator = run.evaluator(folder)) {
                return run.search(evaluator, SearchWatch.none()).repeat(journal, folder.resolve("training"));
            } finally {
                MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a folder for the training: " + e.getMessage(), e);
        }
    }
}

package org.generalvision.search;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import org.generalvision.train.StopRequest;

/**
 * The ways of searching replayed on a {@link FitnessTable} with many seeds. Candidates outside of the table are answered by the
 * {@link Surrogate}, so no training is needed and differences between the searches can be told from luck.
 */
public final class ReplayStudy {
    private final SearchConfig config;
    private final TokenSpace space;
    private final Surrogate surrogate;

    /**
     * Fits the surrogate.
     *
     * @param config its seeds are those of the study
     */
    public ReplayStudy(SearchConfig config, TokenSpace space, FitnessTable table) {
        if (config.seeds().size() < 2) {
            throw new IllegalArgumentException("A study needs at least two seeds: " + config.seeds());
        }
        this.config = config;
        this.space = space;
        surrogate = Surrogate.fit(table, space);
    }

    /**
     * Searches with every seed in every way.
     *
     * @param watch is told of each seed
     * @throws CancellationException if asked to stop
     */
    public ReplayResult run(StopRequest stop, SearchWatch watch) {
        Map<Arm.Method, List<ReplayResult.Run>> runs = new EnumMap<>(Arm.Method.class);
        for (long seed : config.seeds()) {
            for (Arm.Method method : Arm.Method.values()) {
                SharedEvaluations.requireWanted(stop);
                runs.computeIfAbsent(method, m -> new ArrayList<>()).add(run(method, seed));
            }
            watch.note(ReplayResult.progress(seed, runs));
        }
        return ReplayResult.of(config, surrogate.quality(), runs);
    }

    private ReplayResult.Run run(Arm.Method method, long seed) {
        SurrogateEvaluator evaluator = new SurrogateEvaluator(surrogate, seed);
        try {
            Path folder = Files.createTempDirectory("gv-replay-");
            try {
                Costs costs = new Costs(
                        space,
                        config.reward(),
                        new LatencyTable(folder.resolve("latency.jsonl"), evaluator::latencyMillis));
                Journal journal = Journal.inMemory();
                Trials trials =
                        new Trials(journal, new DirectEvaluations(evaluator, folder), costs, seed, SearchWatch.none());
                int never = config.trials();
                Search.follow(config, method, seed, trials, new PpoSearch.Place(folder, "name: replay\n", never));
                return summary(journal.trials(), evaluator);
            } finally {
                MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot replay a search: " + e.getMessage(), e);
        }
    }

    private ReplayResult.Run summary(List<Trial> trials, SurrogateEvaluator evaluator) {
        List<Double> best = new ArrayList<>();
        for (Trial trial : trials) {
            double reward = expectedReward(trial, evaluator);
            best.add(best.isEmpty() ? reward : Math.max(best.get(best.size() - 1), reward));
        }
        double chosen = expectedReward(Ranking.best(trials).orElseThrow(), evaluator);
        double distinct = (double) trials.stream().map(Trial::tokens).distinct().count();
        return new ReplayResult.Run(best, chosen, distinct);
    }

    private double expectedReward(Trial trial, SurrogateEvaluator evaluator) {
        return config.reward().of(evaluator.expected(trial.tokens()), (double) trial.macs());
    }

    /** Seeds from one to another, both included. */
    public static List<Long> seeds(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }
}

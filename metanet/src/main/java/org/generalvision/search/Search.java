package org.generalvision.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.generalvision.train.StopRequest;
import org.generalvision.weights.DurableFile;

/**
 * A search and its controls in one run directory: a folder with the journal of each way of searching with each seed, and the
 * evaluations that all of them share. A search that was killed, run again, ends with the same journals.
 */
public final class Search {
    static final String EVALUATIONS = "evaluations";

    private final SearchConfig config;
    private final TokenSpace space;
    private final Evaluator evaluator;
    private final Place place;
    private final EvaluationStore store;
    private final Costs costs;

    /**
     * Where and for whom.
     *
     * @param directory the run directory, which the caller has locked
     * @param recipe the resolved recipe, which the controller's checkpoints repeat
     */
    public record Place(Path directory, String recipe, StopRequest stop, SearchWatch watch) {}

    /**
     * @throws IllegalArgumentException if the space has a single point
     */
    public Search(SearchConfig config, TokenSpace space, Evaluator evaluator, Place place) {
        if (space.log10Points() == 0) {
            throw new IllegalArgumentException("The space has a single point: there is nothing to search");
        }
        this.config = config;
        this.space = space;
        this.evaluator = evaluator;
        this.place = place;
        store = new EvaluationStore(place.directory().resolve(EVALUATIONS), evaluator);
        costs = new Costs(
                space,
                config.reward(),
                new LatencyTable(place.directory().resolve("latency.jsonl"), evaluator::latencyMillis));
    }

    /**
     * Runs one way of searching with each seed, or what is left of it.
     *
     * @throws java.util.concurrent.CancellationException if it was asked to stop
     * @throws IllegalArgumentException if no candidate meets the limit, or the journal is one of other settings
     */
    public List<Arm> run(Arm.Method method) {
        List<Arm> arms = new ArrayList<>();
        for (long seed : config.seeds()) {
            costs.requireLimitCanBeMet(seed);
            arms.add(run(method, seed));
        }
        return arms;
    }

    private Arm run(Arm.Method method, long seed) {
        Path folder = place.directory().resolve(Arm.folder(method, seed));
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + folder, e);
        }
        place.watch().begin(Arm.folder(method, seed), config.trials());
        try (Journal journal = Journal.open(folder.resolve(Journal.FILE))) {
            journal.trials().forEach(place.watch()::restored);
            Trials trials = new Trials(
                    journal, new SharedEvaluations(store, place.stop()), costs, evaluator.seed(), place.watch());
            follow(config, method, seed, trials, new PpoSearch.Place(folder, place.recipe(), config.saveEvery()));
            return new Arm(method, seed, trials.first(config.trials()));
        }
    }

    /** Makes the trials of one way of searching. */
    static void follow(SearchConfig config, Arm.Method method, long seed, Trials trials, PpoSearch.Place place) {
        Costs costs = trials.costs();
        switch (method) {
            case PPO -> new PpoSearch(config.ppo(), config.trials(), seed).run(trials, place);
            case RANDOM -> follow(new RandomSearch(costs, seed), trials, config.trials());
            case EVOLUTION -> follow(new Evolution(config.evolution(), costs, seed), trials, config.trials());
        }
    }

    private static void follow(Strategy strategy, Trials trials, int budget) {
        int done = 0;
        while (done < budget) {
            List<Proposal> proposals = strategy.propose(trials.first(done), budget);
            trials.run(done, proposals);
            done += proposals.size();
        }
    }

    /** Trains some candidates longer, spread over the ranks of all trials, as {@link SearchConfig#longer} says. */
    public Optional<LongerTraining> trainLonger(List<Arm> arms) {
        if (config.longer() == null) {
            return Optional.empty();
        }
        List<Trial> all = arms.stream().flatMap(arm -> arm.trials().stream()).toList();
        List<Trial> chosen = Ranking.spread(all, config.longer());
        List<LongerTraining.Candidate> candidates = new ArrayList<>();
        place.watch().note("training %d candidates longer".formatted(chosen.size()));
        List<Evaluator.Request> requests = chosen.stream()
                .map(trial -> new Evaluator.Request(trial.tokens(), trial.seed(), Evaluator.Effort.LONGER))
                .toList();
        new SharedEvaluations(store, place.stop()).run(requests, (request, result) -> {
            Trial trial = chosen.get(candidates.size());
            double longer = result.outcome().accuracy();
            candidates.add(new LongerTraining.Candidate(
                    trial.tokens(), trial.architecture(), trial.macs(), trial.accuracy(), longer));
            place.watch()
                    .note("%s: accuracy %.4f as a trial, %.4f after longer training"
                            .formatted(trial.architecture(), trial.accuracy(), longer));
        });
        StringBuilder lines = new StringBuilder();
        candidates.forEach(candidate -> lines.append(Json.line(candidate)).append('\n'));
        DurableFile.write(place.directory().resolve(LongerTraining.FILE), lines.toString());
        return Optional.of(new LongerTraining(candidates));
    }

    /**
     * Evaluates the candidate of a trial again, alone, and changes nothing.
     *
     * @param folder for what the training writes; must not exist
     */
    public Outcome repeat(Trial trial, Path folder) {
        space.requireMember(trial.tokens());
        return evaluator.evaluate(
                new Evaluator.Request(trial.tokens(), trial.seed(), Evaluator.Effort.PROXY), folder, place.stop());
    }

    /** The searches whose journals are in a run directory, as far as they have come. */
    public static List<Arm> arms(Path directory, List<Long> seeds) {
        List<Arm> arms = new ArrayList<>();
        for (Arm.Method method : Arm.Method.values()) {
            for (long seed : seeds) {
                Path file = directory.resolve(Arm.folder(method, seed)).resolve(Journal.FILE);
                if (Files.exists(file)) {
                    arms.add(new Arm(method, seed, Journal.read(file)));
                }
            }
        }
        return arms;
    }
}

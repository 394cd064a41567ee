package org.generalvision.search;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.generalvision.nn.Precision;
import org.generalvision.train.ComputeDevice;
import org.generalvision.train.Evaluation;
import org.generalvision.train.OptimizerConfig;
import org.generalvision.train.Origin;
import org.generalvision.train.ParameterGroup;
import org.generalvision.train.Progress;
import org.generalvision.train.RunDirectory;
import org.generalvision.train.Schedule;
import org.generalvision.train.TrainConfig;
import org.generalvision.train.TrainLoop;

/** The controller's training, from which the search follows. Goes on at the newest checkpoint in its folder, if there is one. */
final class PpoSearch {
    private final PpoConfig config;
    private final int budget;
    private final long seed;

    /**
     * Where the controller's training keeps its files.
     *
     * @param folder of checkpoints and metrics
     * @param recipe which every checkpoint repeats
     * @param saveEvery rounds between two checkpoints
     */
    record Place(Path folder, String recipe, int saveEvery) {}

    /**
     * A search.
     *
     * @param budget trials of the whole search
     */
    PpoSearch(PpoConfig config, int budget, long seed) {
        if (budget < config.round() || budget % config.round() != 0) {
            throw new IllegalArgumentException(
                    "trials must be a multiple of ppo.round: %d is none of %d".formatted(budget, config.round()));
        }
        this.config = config;
        this.budget = budget;
        this.seed = seed;
    }

    /** Searches. */
    void run(Trials trials, Place place) {
        Costs costs = trials.costs();
        Vocabulary vocabulary = new Vocabulary(costs.space());
        try (RunDirectory directory = RunDirectory.open(place.folder(), place.recipe(), Origin.scratch(), Map.of());
                NDManager manager = ComputeDevice.open("cpu")) {
            JniUtils.setSeed(seed);
            Controller controller = new Controller(config.controller(), vocabulary);
            controller.initialize(manager, DataType.FLOAT32);
            ControllerDraws draws = new ControllerDraws(controller, vocabulary, costs, seed);
            PpoRounds rounds = new PpoRounds(config, controller, vocabulary, draws, trials, budget);
            PpoObjective objective = new PpoObjective(controller, config, vocabulary.largestEntropy());
            new TrainLoop(
                            train(place.saveEvery()),
                            List.of(objective),
                            rounds,
                            directory,
                            Evaluation.none(),
                            Progress.none())
                    .run();
        }
    }

    private TrainConfig train(int saveEvery) {
        long steps = (long) budget / config.round() * config.epochs();
        return new TrainConfig(
                seed,
                steps,
                1,
                Precision.FLOAT32,
                "cpu",
                new OptimizerConfig.AdamW(
                        config.learningRate(), 0.9, 0.999, 1e-8, List.of(new ParameterGroup(List.of("**"), 1, 0))),
                new Schedule.Constant(0),
                config.clipNorm(),
                0,
                List.of(),
                config.epochs(),
                steps,
                (long) saveEvery * config.epochs(),
                TrainConfig.Keep.newest(2));
    }
}

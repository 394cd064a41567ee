package org.generalvision.search;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.BatchSource;
import org.jspecify.annotations.Nullable;

/**
 * Where the controller's batches come from: its own candidates. When the training loop asks for the first batch of a round, the
 * round is drawn from the controller as it is, tried and judged; the other batches of the round are the same trials again.
 * So the search is an ordinary run of the one training loop, with its checkpoints.
 */
final class PpoRounds implements BatchSource {
    private final PpoConfig config;
    private final Controller controller;
    private final Vocabulary vocabulary;
    private final ControllerDraws draws;
    private final Trials trials;
    private final int budget;
    private long batch;
    private @Nullable PpoRound round;

    /**
     * @param budget trials of the whole search, a multiple of those of a round
     */
    PpoRounds(
            PpoConfig config,
            Controller controller,
            Vocabulary vocabulary,
            ControllerDraws draws,
            Trials trials,
            int budget) {
        this.config = config;
        this.controller = controller;
        this.vocabulary = vocabulary;
        this.draws = draws;
        this.trials = trials;
        this.budget = budget;
    }

    @Override
    public long batchesPerEpoch() {
        return config.epochs();
    }

    /** Goes to the beginning of a round; a round's old probabilities are not kept, so none is entered in the middle. */
    @Override
    public void seek(long batch) {
        if (batch % config.epochs() != 0) {
            throw new IllegalArgumentException(
                    "The checkpoint lies at step %d, inside a round of %d steps (ppo.epochs): it was"
                                    .formatted(batch, config.epochs())
                            + " made with other settings; use another run directory");
        }
        this.batch = batch;
        round = null;
    }

    @Override
    public Batch next(NDManager manager) {
        long number = batch / config.epochs();
        PpoRound current = round;
        if (batch % config.epochs() == 0 || current == null) {
            current = tryRound((int) number, manager);
            round = current;
        }
        double progress = (double) number * config.round() / budget;
        double entropyWeight =
                config.entropyWeight() + progress * (config.finalEntropyWeight() - config.entropyWeight());
        Batch next = current.batch(batch, number, entropyWeight, manager);
        batch++;
        return next;
    }

    private PpoRound tryRound(int number, NDManager manager) {
        JniUtils.setNumThreads(1); // arrays this small are not worth a second thread
        int first = number * config.round();
        List<Trial> history = new ArrayList<>(trials.first(first));
        history.addAll(trials.run(first, draws.draw(first, config.round(), manager)));
        JniUtils.setNumThreads(1); // the evaluation may have wanted more
        return PpoRound.of(controller, vocabulary, config, history, first, manager);
    }

    @Override
    public double waitSeconds() {
        return 0;
    }

    @Override
    public void close() {}
}

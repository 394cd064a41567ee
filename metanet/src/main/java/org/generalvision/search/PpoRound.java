package org.generalvision.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Pass;

/**
 * What the controller learns from between two rounds of trials: the new trials and those that are replayed, as it saw them when
 * the round was over. Row-major (B, T).
 *
 * @param trials the numbers of the trials, B of them
 * @param before entries that the controller reads
 * @param chosen entries that were chosen
 * @param logProbability of the choices, in nats
 * @param advantage of the choices, with mean 0 and deviation 1 over all
 * @param returns of the candidates, (B)
 * @param weight of the candidates, (B): 1 for new ones, corrected for being off-policy for replayed ones
 */
@SuppressWarnings("ArrayRecordComponent") // Held inside the package, and never compared.
record PpoRound(
        List<Long> trials,
        long[] before,
        long[] chosen,
        float[] logProbability,
        float[] advantage,
        float[] returns,
        float[] weight) {
    private static final double SMALL = 1e-8;

    /**
     * Looks at a finished round with the controller as it is.
     *
     * @param history all trials so far
     * @param first number of the round's first trial
     */
    static PpoRound of(
            Controller controller,
            Vocabulary vocabulary,
            PpoConfig config,
            List<Trial> history,
            int first,
            NDManager owner) {
        int replayed =
                config.replay() == null ? 0 : Math.min(first, config.replay().trials());
        List<Trial> used = history.subList(first - replayed, history.size());
        int rows = used.size();
        int length = vocabulary.positions();
        long[] before = new long[rows * length];
        long[] chosen = new long[rows * length];
        for (int b = 0; b < rows; b++) {
            fill(used.get(b).tokens(), vocabulary, b * length, before, chosen);
        }
        float[] logProbability;
        float[] value;
        try (NDManager manager = owner.newSubManager()) {
            Shape shape = new Shape(rows, length);
            Controller.Judgement then =
                    controller.judge(manager.create(before, shape), manager.create(chosen, shape), Pass.evaluation());
            logProbability = then.logProbability_BT().toFloatArray();
            value = then.value_BT().toFloatArray();
        }
        float[] returns = standardized(used, history);
        float[] advantage = new float[rows * length];
        for (int i = 0; i < advantage.length; i++) {
            advantage[i] = returns[i / length] - value[i];
        }
        normalize(advantage);
        return new PpoRound(
                used.stream().map(trial -> (long) trial.trial()).toList(),
                before,
                chosen,
                logProbability,
                advantage,
                returns,
                weights(config, used, replayed, logProbability));
    }

    /** Writes a candidate's row. */
    static void fill(Tokens tokens, Vocabulary vocabulary, int begin, long[] before, long[] chosen) {
        before[begin] = vocabulary.start();
        for (int t = 0; t < vocabulary.positions(); t++) {
            long entry = (long) vocabulary.first(t) + tokens.at(t);
            chosen[begin + t] = entry;
            if (t + 1 < vocabulary.positions()) {
                before[begin + t + 1] = entry;
            }
        }
    }

    /** Rewards in deviations from the mean of all trials so far, so that their scale sets neither step nor baseline. */
    private static float[] standardized(List<Trial> used, List<Trial> history) {
        double mean = history.stream().mapToDouble(Trial::reward).average().orElse(0);
        double deviation = Math.sqrt(history.stream()
                .mapToDouble(trial -> (trial.reward() - mean) * (trial.reward() - mean))
                .average()
                .orElse(0));
        float[] returns = new float[used.size()];
        for (int b = 0; b < returns.length; b++) {
            returns[b] = (float) ((used.get(b).reward() - mean) / (deviation + SMALL));
        }
        return returns;
    }

    private static void normalize(float[] values) {
        double mean = 0;
        for (float value : values) {
            mean += value / values.length;
        }
        double squares = 0;
        for (float value : values) {
            squares += (value - mean) * (value - mean) / values.length;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((values[i] - mean) / (Math.sqrt(squares) + SMALL));
        }
    }

    private static float[] weights(PpoConfig config, List<Trial> used, int replayed, float[] logProbability) {
        int length = logProbability.length / used.size();
        float[] weights = new float[used.size()];
        Arrays.fill(weights, 1);
        if (config.replay() != null) {
            for (int b = 0; b < replayed; b++) {
                double now = 0;
                for (int t = 0; t < length; t++) {
                    now += logProbability[b * length + t];
                }
                Double then = used.get(b).logProbability();
                if (then == null) {
                    throw new IllegalArgumentException(
                            "Trial %d has no logProbability, so it was not chosen by a controller: remove the journal's folder"
                                    .formatted(used.get(b).trial()));
                }
                weights[b] = (float) config.replay().weight(now, then);
            }
        }
        return weights;
    }

    /** The arrays of one step. */
    Batch batch(long step, long round, double entropyWeight, NDManager manager) {
        int rows = trials.size();
        Shape shape = new Shape(rows, chosen.length / rows);
        float[] bonus = new float[rows];
        Arrays.fill(bonus, (float) entropyWeight);
        return new Batch(
                step,
                round,
                new ArrayList<>(trials),
                Map.<String, NDArray>of(
                        "before", manager.create(before, shape),
                        "chosen", manager.create(chosen, shape),
                        "logProbability", manager.create(logProbability, shape),
                        "advantage", manager.create(advantage, shape),
                        "return", manager.create(returns, new Shape(rows, 1)),
                        "weight", manager.create(weight, new Shape(rows, 1)),
                        "entropyWeight", manager.create(bonus, new Shape(rows, 1))));
    }
}

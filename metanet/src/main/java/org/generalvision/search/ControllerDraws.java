package org.generalvision.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.nn.Pass;

/** Draws candidates from the controller, choice after choice, until the cost limit admits them. */
final class ControllerDraws {
    /** Rows cost little beside the number of passes, so several attempts of a trial are drawn in one. */
    private static final int ATTEMPTS_AT_ONCE = 4;

    private final Controller controller;
    private final Vocabulary vocabulary;
    private final Costs costs;
    private final long seed;

    ControllerDraws(Controller controller, Vocabulary vocabulary, Costs costs, long seed) {
        this.controller = controller;
        this.vocabulary = vocabulary;
        this.costs = costs;
        this.seed = seed;
    }

    /**
     * Candidates for some trials. Those that the limit does not admit are drawn again, with numbers of the next attempt.
     *
     * @param first number of the first trial
     */
    List<Proposal> draw(int first, int count, NDManager owner) {
        int atOnce = costs.reward().limit() == null ? 1 : ATTEMPTS_AT_ONCE;
        Map<Integer, Proposal> proposals = new TreeMap<>();
        for (int attempt = 0; proposals.size() < count; attempt += atOnce) {
            int[] open = IntStream.range(first, first + count)
                    .filter(trial -> !proposals.containsKey(trial))
                    .toArray();
            if (attempt >= Costs.MAX_DRAWS) {
                throw costs.noneDrawn(open[0]);
            }
            for (Drawn drawn : drawOnce(open, attempt, atOnce, owner)) {
                if (!proposals.containsKey(drawn.trial())
                        && costs.admits(drawn.proposal().tokens())) {
                    proposals.put(drawn.trial(), drawn.proposal());
                }
            }
        }
        return List.copyOf(proposals.values());
    }

    /** A candidate for a trial, which the limit may not admit. */
    private record Drawn(int trial, Proposal proposal) {}

    /** So many attempts for each trial, in their order. */
    private List<Drawn> drawOnce(int[] trials, int attempt, int atOnce, NDManager owner) {
        int rows = trials.length * atOnce;
        int length = vocabulary.positions();
        int[][] choices = new int[rows][length];
        double[] logProbabilities = new double[rows];
        List<RandomGenerator> random = new ArrayList<>();
        long[] before = new long[rows * length];
        for (int b = 0; b < rows; b++) {
            random.add(RandomStream.of(seed, attempt + b % atOnce, trials[b / atOnce], "controller"));
            before[b * length] = vocabulary.start();
        }
        for (int t = 0; t < length; t++) {
            float[] all = logProbabilities(before, rows, owner);
            for (int b = 0; b < rows; b++) {
                int begin = (b * length + t) * vocabulary.size() + vocabulary.first(t);
                int choice =
                        choose(all, begin, vocabulary.count(t), random.get(b).nextDouble());
                choices[b][t] = choice;
                logProbabilities[b] += all[begin + choice];
                if (t + 1 < length) {
                    before[b * length + t + 1] = (long) vocabulary.first(t) + choice;
                }
            }
        }
        List<Drawn> drawn = new ArrayList<>();
        for (int b = 0; b < rows; b++) {
            List<Integer> tokens = Arrays.stream(choices[b]).boxed().toList();
            drawn.add(new Drawn(trials[b / atOnce], new Proposal(new Tokens(tokens), logProbabilities[b])));
        }
        return drawn;
    }

    /** Logarithms of all probabilities, (B, T, V) row-major; those behind the last choice mean nothing. */
    private float[] logProbabilities(long[] before, int rows, NDManager owner) {
        try (NDManager manager = owner.newSubManager()) {
            NDArray input = manager.create(before, new Shape(rows, vocabulary.positions()));
            return controller.forward(input, Pass.evaluation()).toFloatArray();
        }
    }

    /** The choice at which the summed probabilities pass a number in [0, 1). */
    private static int choose(float[] logProbabilities, int begin, int count, double number) {
        double passed = 0;
        for (int choice = 0; choice < count - 1; choice++) {
            passed += Math.exp(logProbabilities[begin + choice]);
            if (number < passed) {
                return choice;
            }
        }
        return count - 1;
    }
}

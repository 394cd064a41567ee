package org.generalvision.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.nn.Pass;

/** Draws candidates from the controller, choice after choice, until the cost limit admits them. */
final class ControllerDraws {
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
        Proposal[] proposals = new Proposal[count];
        int[] open = IntStream.range(0, count).toArray();
        for (int attempt = 0; open.length > 0; attempt++) {
            if (attempt == Costs.MAX_DRAWS) {
                throw costs.noneDrawn(first + open[0]);
            }
            List<Proposal> drawn = drawOnce(first, open, attempt, owner);
            for (int i = 0; i < open.length; i++) {
                proposals[open[i]] = drawn.get(i);
            }
            open = Arrays.stream(open)
                    .filter(i -> !costs.admits(proposals[i].tokens()))
                    .toArray();
        }
        return List.of(proposals);
    }

    private List<Proposal> drawOnce(int first, int[] rows, int attempt, NDManager owner) {
        int length = vocabulary.positions();
        int[][] choices = new int[rows.length][length];
        double[] logProbabilities = new double[rows.length];
        List<RandomGenerator> random = new ArrayList<>();
        for (int row : rows) {
            random.add(RandomStream.of(seed, attempt, (long) first + row, "controller"));
        }
        long[] before = new long[rows.length * length];
        for (int b = 0; b < rows.length; b++) {
            before[b * length] = vocabulary.start();
        }
        for (int t = 0; t < length; t++) {
            float[] all = logProbabilities(before, rows.length, owner);
            for (int b = 0; b < rows.length; b++) {
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
        List<Proposal> proposals = new ArrayList<>();
        for (int b = 0; b < rows.length; b++) {
            List<Integer> tokens = Arrays.stream(choices[b]).boxed().toList();
            proposals.add(new Proposal(new Tokens(tokens), logProbabilities[b]));
        }
        return proposals;
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

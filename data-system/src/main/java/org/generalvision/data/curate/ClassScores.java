package org.generalvision.data.curate;

import com.google.common.collect.ImmutableSortedMap;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a model makes of one example, a line of a scores file.
 *
 * @param id of the example
 * @param scores probabilities of classes; what is missing to 1 is the probability that the image shows none of them
 */
public record ClassScores(String id, SortedMap<String, Double> scores) {
    /** Models round their numbers. */
    private static final double SLACK = 1e-3;

    public ClassScores {
        scores = ImmutableSortedMap.copyOf(scores);
        double sum = 0;
        for (Map.Entry<String, Double> score : scores.entrySet()) {
            if (!(score.getValue() >= 0 && score.getValue() <= 1 + SLACK)) {
                throw new IllegalArgumentException(
                        "the probability of %s must lie in [0, 1]: %s".formatted(score.getKey(), score.getValue()));
            }
            sum += score.getValue();
        }
        if (scores.isEmpty() || sum > 1 + SLACK) {
            throw new IllegalArgumentException(
                    "the probabilities of %d classes add up to %s: there must be some, and at most 1 in all"
                            .formatted(scores.size(), sum));
        }
    }

    /**
     * Reads a scores file: JSON lines {@code {"id":"...","scores":{"cat":0.7,"dog":0.2}}}.
     *
     * @throws IllegalArgumentException if a line is malformed or an id comes twice
     */
    public static Map<String, ClassScores> read(Path file) {
        Map<String, ClassScores> byId = new HashMap<>();
        JsonLines.read(file, ClassScores.class, "line of scores", line -> {
            if (byId.put(line.id(), line) != null) {
                throw new IllegalArgumentException("there is another line for " + line.id());
            }
        });
        if (byId.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no scores");
        }
        return byId;
    }

    /** The most probable class, of equal ones the first by name. */
    String best() {
        return Collections.max(
                        scores.entrySet(),
                        Map.Entry.<String, Double>comparingByValue()
                                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .getKey();
    }

    double of(String label) {
        return scores.getOrDefault(label, 0.0);
    }

    /** One minus the lead of the most probable class over the next one, from 0 (sure) to 1. */
    double margin() {
        List<Double> sorted = scores.values().stream()
                .sorted(Comparator.reverseOrder())
                .limit(2)
                .toList();
        return Math.max(0, 1 - (sorted.get(0) - (sorted.size() > 1 ? sorted.get(1) : 0)));
    }

    /** Entropy over the classes and "none of them", as a share of its largest value, from 0 (sure) to 1. */
    double entropy() {
        double rest = Math.max(
                0, 1 - scores.values().stream().mapToDouble(Double::doubleValue).sum());
        double sum = term(rest);
        for (double probability : scores.values()) {
            sum += term(probability);
        }
        return sum / Math.log(scores.size() + 1);
    }

    private static double term(double probability) {
        return probability > 0 ? -probability * Math.log(probability) : 0;
    }
}

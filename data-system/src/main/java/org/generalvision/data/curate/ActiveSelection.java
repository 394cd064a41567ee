package org.generalvision.data.curate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.example.Example;

/**
 * Chooses what is worth asking about: the model's uncertainty times the rarity of the class that it believes in. A class counts as
 * often as it is a label or was asked about, in this round too, so a round does not ask about one class only. The same input
 * gives the same questions.
 *
 * @param measure of uncertainty
 * @param count questions of the round
 */
public record ActiveSelection(Measure measure, int count) {
    public ActiveSelection {
        if (count < 1) {
            throw new IllegalArgumentException("A round must ask at least one question: " + count);
        }
    }

    /** How unsure a model is. */
    public enum Measure {
        margin,
        entropy;

        double of(ClassScores scores) {
            return this == margin ? scores.margin() : scores.entropy();
        }
    }

    private record Candidate(long index, String id, double uncertainty) {}

    /**
     * The questions of a round, most useful first.
     *
     * @param source what is left of the data
     * @param scores by id; examples without scores are not asked about
     * @param earlier questions of earlier rounds: their examples are not asked about again
     */
    public List<Question> choose(
            CuratedSource source, Map<String, ClassScores> scores, List<Question> earlier, int round) {
        Map<String, Integer> seen = new HashMap<>();
        Set<Long> asked = new HashSet<>();
        for (Question question : earlier) {
            asked.add(question.index());
            seen.merge(question.label(), 1, Integer::sum);
        }
        SortedMap<String, Deque<Candidate>> byClass = candidates(source, scores, asked, seen);
        List<Question> questions = new ArrayList<>();
        while (questions.size() < count && !byClass.isEmpty()) {
            String label = mostUseful(byClass, seen);
            Deque<Candidate> waiting = byClass.getOrDefault(label, new ArrayDeque<>());
            Candidate chosen = waiting.remove();
            if (waiting.isEmpty()) {
                byClass.remove(label);
            }
            questions.add(new Question(
                    "%d-%d".formatted(round, chosen.index()),
                    round,
                    chosen.index(),
                    chosen.id(),
                    label,
                    "Does the image show: " + label + "?",
                    chosen.uncertainty(),
                    balance(label, seen)));
            seen.merge(label, 1, Integer::sum);
        }
        return questions;
    }

    /** By the class that the model believes in, the least sure first. */
    private SortedMap<String, Deque<Candidate>> candidates(
            CuratedSource source, Map<String, ClassScores> scores, Set<Long> asked, Map<String, Integer> seen) {
        SortedMap<String, List<Candidate>> byClass = new TreeMap<>();
        for (long i = 0; i < source.size(); i++) {
            Example example = source.get(i);
            example.labels().stream().distinct().forEach(label -> seen.merge(label, 1, Integer::sum));
            ClassScores own = scores.get(example.id());
            long index = source.shardIndex(i);
            if (own != null && !asked.contains(index)) {
                byClass.computeIfAbsent(own.best(), label -> new ArrayList<>())
                        .add(new Candidate(index, example.id(), measure.of(own)));
            }
        }
        SortedMap<String, Deque<Candidate>> sorted = new TreeMap<>();
        byClass.forEach((label, candidates) -> {
            candidates.sort(Comparator.comparingDouble((Candidate candidate) -> -candidate.uncertainty())
                    .thenComparingLong(Candidate::index));
            sorted.put(label, new ArrayDeque<>(candidates));
        });
        return sorted;
    }

    private static String mostUseful(SortedMap<String, Deque<Candidate>> byClass, Map<String, Integer> seen) {
        String best = byClass.firstKey();
        double most = -1;
        for (Map.Entry<String, Deque<Candidate>> entry : byClass.entrySet()) {
            double use = entry.getValue().element().uncertainty() * balance(entry.getKey(), seen);
            if (use > most) {
                most = use;
                best = entry.getKey();
            }
        }
        return best;
    }

    private static double balance(String label, Map<String, Integer> seen) {
        return 1.0 / (1 + seen.getOrDefault(label, 0));
    }
}

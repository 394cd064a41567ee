package org.generalvision.data.curate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.generalvision.data.example.Example;

/**
 * The consistency filter of annotations: an answer counts when enough voters agree on it and not as many on the other one.
 *
 * @param minAgree votes that must agree, at least 1
 */
public record Votes(int minAgree) {
    public Votes {
        if (minAgree < 1) {
            throw new IllegalArgumentException("At least one vote must agree: " + minAgree);
        }
    }

    /** What a voter may say. */
    public enum Answer {
        yes,
        no
    }

    /**
     * A vote, a line of an answers file.
     *
     * @param question its id
     * @param voter who answers; votes once on a question
     */
    record Vote(String question, String voter, Answer answer) {}

    /**
     * A question that is settled.
     *
     * @param index of the example in the shards
     * @param id of the example
     * @param answer whether it shows the label
     * @param yes votes
     * @param no votes
     */
    public record Accepted(String question, long index, String id, String label, Answer answer, int yes, int no) {}

    /**
     * How a count ended.
     *
     * @param accepted settled questions, in the order of the questions
     * @param yes settled with yes
     * @param no settled with no
     * @param disputed questions on which both answers have enough votes
     * @param open questions without enough votes
     */
    public record Tally(List<Accepted> accepted, int yes, int no, int disputed, int open) {}

    /**
     * Counts the votes.
     *
     * @throws IllegalArgumentException if a line is malformed, is about no question, or a voter says both
     */
    public Tally count(Path questions, Path answers) {
        Map<String, Question> byId = new LinkedHashMap<>();
        for (Question question : SelectionRounds.read(questions)) {
            if (byId.put(question.question(), question) != null) {
                throw new IllegalArgumentException(questions + " asks question " + question.question() + " twice");
            }
        }
        Map<String, Map<String, Answer>> votes = new HashMap<>();
        JsonLines.read(answers, Vote.class, "answer", vote -> {
            if (!byId.containsKey(vote.question())) {
                throw new IllegalArgumentException("there is no question " + vote.question() + " in " + questions);
            }
            Answer before = votes.computeIfAbsent(vote.question(), key -> new HashMap<>())
                    .put(vote.voter(), vote.answer());
            if (before != null && before != vote.answer()) {
                throw new IllegalArgumentException(
                        "%s says yes and no to question %s".formatted(vote.voter(), vote.question()));
            }
        });
        return tally(byId, votes);
    }

    private Tally tally(Map<String, Question> questions, Map<String, Map<String, Answer>> votes) {
        List<Accepted> accepted = new ArrayList<>();
        int disputed = 0;
        int yesses = 0;
        for (Question question : questions.values()) {
            List<Answer> answers = List.copyOf(
                    votes.getOrDefault(question.question(), Map.of()).values());
            int yes = (int)
                    answers.stream().filter(answer -> answer == Answer.yes).count();
            int no = answers.size() - yes;
            if (yes >= minAgree && no >= minAgree) {
                disputed++;
            } else if (yes >= minAgree || no >= minAgree) {
                Answer answer = yes >= minAgree ? Answer.yes : Answer.no;
                yesses += answer == Answer.yes ? 1 : 0;
                accepted.add(new Accepted(
                        question.question(), question.index(), question.id(), question.label(), answer, yes, no));
            }
        }
        return new Tally(
                accepted, yesses, accepted.size() - yesses, disputed, questions.size() - accepted.size() - disputed);
    }

    /** Writes settled questions as JSON lines, whole or not at all. */
    public static void write(Path file, List<Accepted> accepted) {
        JsonLines.write(file, accepted);
    }

    /**
     * Removes examples whose own label was voted down; {@code progress} runs once for each example.
     *
     * @throws IllegalArgumentException if a question is about another example than the one at its index
     */
    public static void reject(CurationStep step, List<Accepted> accepted, Runnable progress) {
        Map<Long, List<Accepted>> byIndex = new HashMap<>();
        accepted.forEach(vote ->
                byIndex.computeIfAbsent(vote.index(), key -> new ArrayList<>()).add(vote));
        for (long i = 0; i < step.source().size(); i++) {
            for (Accepted vote : byIndex.getOrDefault(step.source().shardIndex(i), List.of())) {
                Example example = step.source().get(i);
                if (!example.id().equals(vote.id())) {
                    throw new IllegalArgumentException(
                            "Question %s is about %s, but example %d is %s: the questions were made for other shards"
                                    .formatted(vote.question(), vote.id(), vote.index(), example.id()));
                }
                if (vote.answer() == Answer.no && example.labels().contains(vote.label())) {
                    step.remove(
                            i,
                            example.id(),
                            "label voted down",
                            Map.of("label", vote.label(), "yes", vote.yes(), "no", vote.no()));
                    break;
                }
            }
            progress.run();
        }
    }
}

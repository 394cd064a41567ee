package org.generalvision.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.example.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActiveSelectionTest {
    @TempDir
    Path folder;

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @Test
    void uncertaintyIsTheOneOfTheDefinition() {
        ClassScores scores = scores("x", "a", 0.5, "b", 0.3);
        assertThat(scores.margin()).isCloseTo(0.8, within(1e-12));
        double entropy = -(0.5 * Math.log(0.5) + 0.3 * Math.log(0.3) + 0.2 * Math.log(0.2)) / Math.log(3);
        assertThat(scores.entropy()).isCloseTo(entropy, within(1e-12));
        assertThat(scores("x", "a", 1.0).margin()).isZero();
        assertThat(scores("x", "a", 1.0).entropy()).isZero();
        assertThat(scores("x", "b", 0.5, "a", 0.5).best()).isEqualTo("a");
    }

    @Test
    void roundsSpreadOverClassesAndAskNothingTwice() throws IOException {
        Path directory = Shards.write(
                folder.resolve("shards"),
                IntStream.range(0, 9)
                        .mapToObj(
                                i -> Shards.example("e" + i, Shards.bytes("" + i), i < 2 ? List.of("cat") : List.of()))
                        .toList());
        Map<String, ClassScores> scores = new TreeMap<>();
        for (int i = 2; i < 7; i++) { // e2 is the least sure cat
            scores.put("e" + i, scores("e" + i, "cat", 0.5 + 0.05 * i, "dog", 0.4 - 0.05 * i));
        }
        scores.put("e7", scores("e7", "cat", 0.3, "dog", 0.6));
        scores.put("e8", scores("e8", "cat", 0.4, "dog", 0.6));
        SelectionRounds rounds = new SelectionRounds(directory);
        Path out = folder.resolve("questions.jsonl");

        // By hand: dogs were never seen (balance 1): e8 0.8, then dogs seen once: e7 0.7 / 2; cats twice: e2 0.7 / 3.
        assertThat(round(directory, scores, rounds, out, 3)).containsExactly("e8 dog", "e7 dog", "e2 cat");
        assertThat(Files.readAllLines(out)).hasSize(3);
        assertThat(Files.readString(out)).startsWith("{\"question\":\"1-8\",\"round\":1,\"index\":8,\"id\":\"e8\"");
        assertThat(round(directory, scores, rounds, out, 3)).containsExactly("e3 cat", "e4 cat", "e5 cat");

        assertThat(rounds.undo()).isEqualTo(2);
        assertThat(round(directory, scores, rounds, out, 9)).containsExactly("e3 cat", "e4 cat", "e5 cat", "e6 cat");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rounds.add(2, List.of(), out))
                .withMessageContaining("the next one is 3");
    }

    private static List<String> round(
            Path directory, Map<String, ClassScores> scores, SelectionRounds rounds, Path out, int count) {
        try (CuratedSource source = CuratedSource.open(directory)) {
            int round = rounds.count() + 1;
            List<Question> questions = new ActiveSelection(ActiveSelection.Measure.margin, count)
                    .choose(source, scores, rounds.questions(), round);
            rounds.add(round, questions, out);
            return questions.stream()
                    .map(question -> question.id() + " " + question.label())
                    .toList();
        }
    }

    @Test
    void answersCountWhenEnoughAgree() throws IOException {
        Path directory = Shards.write(
                folder.resolve("shards"),
                IntStream.range(0, 5)
                        .mapToObj(i -> Shards.example("e" + i, Shards.bytes("" + i), List.of("cat")))
                        .toList());
        Path questions = folder.resolve("questions.jsonl");
        JsonLines.write(
                questions,
                IntStream.range(0, 4)
                        .mapToObj(i -> new Question("1-" + i, 1, i, "e" + i, "cat", "a cat?", 0.5, 1))
                        .toList());
        Path answers = answers(
                "1-0 ann yes",
                "1-0 bob yes",
                "1-0 eve no",
                "1-1 ann no",
                "1-1 bob no",
                "1-1 bob no",
                "1-2 ann yes",
                "1-2 bob yes",
                "1-2 eve no",
                "1-2 tom no");
        Votes.Tally tally = new Votes(2).count(questions, answers);
        assertThat(tally.accepted())
                .containsExactly(
                        new Votes.Accepted("1-0", 0, "e0", "cat", Votes.Answer.yes, 2, 1),
                        new Votes.Accepted("1-1", 1, "e1", "cat", Votes.Answer.no, 0, 2));
        assertThat(tally.disputed()).isEqualTo(1);
        assertThat(tally.open()).isEqualTo(1);
        try (CurationStep step = CurationStep.begin(directory, "votes", Map.of(), false)) {
            Votes.reject(step, tally.accepted(), () -> {});
            assertThat(step.finish().reasons()).isEqualTo(Map.of("label voted down", 1L));
        }
        assertThat(Shards.ids(directory)).containsExactly("e0", "e2", "e3", "e4");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Votes(2).count(questions, answers("1-0 ann yes", "1-0 ann no")))
                .withMessageContainingAll("line 2", "ann says yes and no");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Votes(2).count(questions, answers("7-7 ann yes")))
                .withMessageContaining("no question 7-7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Votes(2).count(questions, answers("1-0 ann maybe")))
                .withMessageContaining("line 1, is no answer");
    }

    private Path answers(String... votes) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String vote : votes) {
            String[] parts = vote.split(" ", -1);
            lines.append("{\"question\":\"%s\",\"voter\":\"%s\",\"answer\":\"%s\"}%n"
                    .formatted(parts[0], parts[1], parts[2]));
        }
        return Files.writeString(folder.resolve("answers.jsonl"), lines);
    }

    @Test
    void imagesOutsideOfTheirLabelAreOfThreeClasses() {
        var photo = Pictures.photo(1, 60, 80);
        Example tiny = Example.builder("tiny object", Pictures.png(photo), "made-up", "MIT")
                .labels(List.of("cat"))
                .boxes(List.of(new Example.Box(0, 0, 2, 2, "cat", false)))
                .build();
        Path directory = Shards.write(
                folder.resolve("shards"),
                List.of(
                        Shards.example("good", Pictures.png(photo), List.of("cat")),
                        Shards.example("nothing", Pictures.png(photo), List.of("cat")),
                        Shards.example("dog", Pictures.png(photo), List.of("cat")),
                        Shards.example("unlabelled", Pictures.png(photo), List.of()),
                        tiny,
                        Shards.example("small", Pictures.png(Pictures.photo(1, 10, 80)), List.of("cat")),
                        Shards.example("blank", Pictures.png(Pictures.plain(60, 80, 0xFFFFFFFF)), List.of("cat")),
                        Shards.example("broken", Shards.bytes("x"), List.of("cat"))));
        Map<String, ClassScores> scores = Map.of(
                "good", scores("good", "cat", 0.2, "dog", 0.8),
                "nothing", scores("nothing", "cat", 0.02, "dog", 0.01),
                "dog", scores("dog", "cat", 0.001, "dog", 0.95),
                "unlabelled", scores("unlabelled", "dog", 0.95));
        try (CurationStep step = CurationStep.begin(directory, "rectification", Map.of(), false)) {
            new Rectification(0.05, 0.9, 0.01, 16, 0.01).run(step, scores, () -> {});
            CurationStep.Outcome outcome = step.finish();
            assertThat(outcome.reasons()).isEqualTo(Map.of("noise", 3L, "semantic shift", 1L, "covariate shift", 2L));
            assertThat(outcome.first().get(1).evidence()).containsEntry("best", "dog");
        }
        assertThat(Shards.ids(directory)).containsExactly("good", "unlabelled");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"a\",\"scores\":{}}",
                "{\"id\":\"a\",\"scores\":{\"x\":0.7,\"y\":0.7}}",
                "{\"id\":\"a\",\"scores\":{\"x\":-0.1}}",
                "{\"id\":\"a\",\"scores\":{\"x\":\"NaN\"}}",
                "{\"id\":\"a\"}",
                "[1]",
                "{\"id\":\"first\",\"scores\":{\"x\":1}}"
            })
    void malformedScoresAreNamed(String line) throws IOException {
        Path file = folder.resolve("scores");
        Files.writeString(file, "{\"id\":\"first\",\"scores\":{\"x\":1}}\n" + line + "\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassScores.read(file))
                .withMessageContaining(file + ", line 2, is no line of scores");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void mutatedScoresAreReadOrRefused(long seed) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        byte[] bytes = "{\"id\":\"a\",\"scores\":{\"x\":0.5,\"y\":0.25}}\n{\"id\":\"b\",\"scores\":{\"x\":1}}\n"
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        Path file = Files.write(folder.resolve("scores"), bytes);
        try {
            assertThat(ClassScores.read(file)).isNotEmpty();
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining(file.toString());
        }
    }

    private static ClassScores scores(String id, Object... pairs) {
        TreeMap<String, Double> scores = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            scores.put((String) pairs[i], (Double) pairs[i + 1]);
        }
        return new ClassScores(id, scores);
    }
}

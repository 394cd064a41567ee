package org.generalvision.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeTest {
    enum Size {
        B4,
        EXTRA_LARGE
    }

    sealed interface Schedule {
        record Constant() implements Schedule {}

        record StepDecay(List<Long> at, double factor) implements Schedule {}
    }

    record Train(int steps, double learningRate, Schedule schedule) {
        Train {
            if (steps <= 0) {
                throw new IllegalArgumentException("steps must be positive: " + steps);
            }
        }
    }

    record Sample(
            String title,
            boolean pretrained,
            long seed,
            Size size,
            Path data,
            @Nullable String note,
            Optional<Double> momentum,
            Train train,
            List<Schedule> schedules,
            Map<String, Integer> counts) {}

    private static final String SAMPLE = """
            # gv pretrain sample
            title: "yes: 1"
            pretrained: true
            seed: 9_000_000_000
            size: extra-large
            data: some/folder
            note: null
            momentum: null
            train:
              steps: 100
              learningRate: 1e-3
              schedule:
                kind: step-decay
                at: [10, 20]
                factor: .5
            schedules:
              - {kind: constant}
              - kind: step-decay
                at: []
                factor: 1
            counts: {cats: 3, "dogs: big": 4}
            """;

    private static Recipe sample() {
        return Recipe.of("sample", "sample.yaml", SAMPLE);
    }

    @Test
    void aSampleFileMapsEveryField() {
        assertThat(sample().as(Sample.class))
                .isEqualTo(new Sample(
                        "yes: 1",
                        true,
                        9_000_000_000L,
                        Size.EXTRA_LARGE,
                        Path.of("some/folder"),
                        null,
                        Optional.empty(),
                        new Train(100, 0.001, new Schedule.StepDecay(List.of(10L, 20L), 0.5)),
                        List.of(new Schedule.Constant(), new Schedule.StepDecay(List.of(), 1)),
                        Map.of("cats", 3, "dogs: big", 4)));
    }

    @Test
    void overridesApplyBeforeTypingAndThePrintedRecipeReadsBackTheSame() {
        Recipe changed = sample().with(List.of(
                "train.steps=7", "schedules.1.at=[1, 2]", "note='a: b # c'", "momentum=0.9", "counts.cats = 5"));
        Sample typed = changed.as(Sample.class);
        assertThat(typed.train().steps()).isEqualTo(7);
        assertThat(typed.schedules().get(1)).isEqualTo(new Schedule.StepDecay(List.of(1L, 2L), 1));
        assertThat(typed.momentum()).contains(0.9);
        assertThat(typed.counts()).containsEntry("cats", 5);
        Recipe again = Recipe.of("sample", "again.yaml", changed.text());
        assertThat(again.as(Sample.class)).isEqualTo(typed);
        assertThat(again.text()).isEqualTo(changed.text());
        assertThat(sample().as(Sample.class).train().steps()).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "steps: 100        | stpes: 100         | line 10: train.stpes is not a known key; did you mean steps?",
                "steps: 100        | learningRat: 1     | line 10: train.learningRat is not a known key",
                "steps: 100        | # gone             | line 9: train misses the key train.steps",
                "steps: 100        | steps: null        | line 10: train.steps must not be null; it must be a whole number",
                "steps: 100        | steps: 1.5         | line 10: train.steps must be a whole number",
                "steps: 100        | steps: '100'       | not the text \"100\"",
                "steps: 100        | steps: 3000000000  | line 10: train.steps must be a whole number from",
                "steps: 100        | steps: [1]         | not a list of 1",
                "steps: 100        | steps: 0           | line 10: train.steps: steps must be positive: 0",
                "steps: 100        | steps: 1:30        | line 10: train.steps must be a whole number",
                "learningRate: 1e-3| learningRate: .nan | line 11: train.learningRate must be a finite number, not .nan",
                "learningRate: 1e-3| learningRate: 1e999| must be a finite number",
                "pretrained: true  | pretrained: yes    | line 3: pretrained must be true or false, not yes",
                "size: extra-large | size: b5           | line 5: size must be one of: b4, extra-large, not b5",
                "kind: constant    | kind: constnat     | line 17: schedules.0.kind is unknown: constnat; did you mean constant?",
                "{kind: constant}  | {}                 | line 17: schedules.0 needs the key kind, one of: constant, step-decay",
                "{kind: constant}  | {kind: constant, at: 1} | schedules.0.at is not a known key",
                "at: [10, 20]      | at: [10, x]        | line 14: train.schedule.at.1 must be a whole number",
                "counts: {cats: 3  | counts: {cats: 3, cats: 4 | line 21 repeats the key cats",
                "seed: 9_000_000_000 | seed: !!int 5    | uses the tag",
                "seed: 9_000_000_000 | seed: &a 5       | uses an anchor or alias",
                "seed: 9_000_000_000 | seed: {a: b      | is not YAML",
                "seed: 9_000_000_000 | ? [a]            | has a key that is not a name",
                "note: null        | ---                | holds a second document",
            })
    void whateverIsWrongIsRefusedWithFileLineKeyAndRule(String right, String wrong, String message) {
        assertThat(SAMPLE).contains(right);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipe.of("sample", "sample.yaml", SAMPLE.replace(right, wrong))
                        .as(Sample.class))
                .withMessageStartingWith("sample.yaml")
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train.stpes=1   | override train.stpes=1: there is no key train.stpes; did you mean steps?",
                "train.steps     | is not of the form path.to.key=value",
                "=1              | is not of the form path.to.key=value",
                "title.x=1       | title is a single value and has nothing below it",
                "schedules.2=1   | schedules is a list of 2, so 2 must be an index from 0 to 1",
                "schedules.-1=1  | so -1 must be an index from 0 to 1",
                "train.steps=abc | override train.steps=abc: train.steps must be a whole number",
                "train.steps=[1  | override train.steps=[1 line 1 is not YAML",
                "train.steps=-3  | override train.steps=-3: train.steps: steps must be positive: -3",
            })
    void badOverridesAreRefused(String override, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sample().with(List.of(override)).as(Sample.class))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing", "just text", "[1, 2]", "null"})
    void aFileThatHoldsNoKeysIsRefused(String yaml) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipe.of("x", "x.yaml", yaml).as(Sample.class))
                .withMessageContaining("x.yaml")
                .withMessageContaining("a group of keys");
    }

    @Test
    void hugeAndDeepFilesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipe.of("x", "x.yaml", "a".repeat(TreeReader.MAX_CHARACTERS + 1)))
                .withMessageContaining("a recipe has at most");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipe.of("x", "x.yaml", "[".repeat(100_000)))
                .withMessageContaining("nested deeper than 32 levels");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipe.of("x", "x.yaml", "[" + "1,".repeat(TreeReader.MAX_NODES) + "]"))
                .withMessageContaining("more than 100000 values");
    }

    @Test
    void recipesAreLoadedFromFilesAndByName(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("mine.yaml");
        Files.writeString(file, SAMPLE);
        Recipe recipe = Recipe.load(file.toString());
        assertThat(recipe.name()).isEqualTo("mine");
        assertThat(recipe.as(Sample.class).seed()).isEqualTo(9_000_000_000L);
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xff});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipe.load(file.toString()))
                .withMessageContaining("not text in UTF-8");
        assertThat(Recipe.names()).contains("packed");
        assertThat(Recipe.load("packed").text()).isEqualTo("answer: 42\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipe.load("pakced"))
                .withMessageContaining("neither a file nor a shipped one; did you mean packed?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                " a",
                "-",
                "- a",
                "---",
                "...",
                "~",
                "null",
                "1",
                "a: b",
                "a #b",
                "\"",
                "\\",
                "[a]",
                "\u00e4\ud83d\ude00",
                "\n",
                "\0",
                "\u2028",
                "*a",
                "%",
                "@",
                "",
                "\t",
                "a:",
                "{",
                "?x"
            })
    void anyTextSurvivesPrintingAsValueAsKeyAndInAList(String text) {
        Tree.Scalar scalar = new Tree.Scalar(text, true, "");
        Tree list = new Tree.Sequence(List.of(scalar, scalar), "");
        Tree nested = new Tree.Sequence(List.of(list, new Tree.Mapping(Map.of(text, scalar), "")), "");
        String yaml = TreeWriter.write(new Tree.Mapping(Map.of(text, scalar, text + "2", nested), ""));
        assertThat(yaml.getBytes(StandardCharsets.US_ASCII)).hasSize(yaml.length());
        Tree.Mapping read = (Tree.Mapping) TreeReader.read("x", yaml);
        assertThat(texts(read)).containsExactlyInAnyOrder(text, text, text, text, text + "2", text, text);
        assertThat(TreeWriter.write(read)).isEqualTo(yaml);
    }

    /** Every key and value of a tree. */
    private static List<String> texts(Tree tree) {
        if (tree instanceof Tree.Scalar scalar) {
            return List.of(scalar.text());
        }
        if (tree instanceof Tree.Sequence sequence) {
            return sequence.items().stream()
                    .flatMap(item -> texts(item).stream())
                    .toList();
        }
        return ((Tree.Mapping) tree)
                .entries().entrySet().stream()
                        .flatMap(e -> Stream.concat(Stream.of(e.getKey()), texts(e.getValue()).stream()))
                        .toList();
    }

    @Test
    void aPlainValueKeepsItsMeaningWhenPrinted() {
        for (String plain : List.of("1", "-1.5e-3", "true", "null", "~", "a b", "http://x/y?z", "a,b", "+5", ".5")) {
            Tree tree = new Tree.Sequence(List.of(new Tree.Scalar(plain, false, "")), "");
            Tree.Sequence read = (Tree.Sequence) TreeReader.read("x", TreeWriter.write(tree));
            Tree.Scalar item = (Tree.Scalar) read.items().get(0);
            assertThat(item.isNull()).isEqualTo(plain.equals("null") || plain.equals("~"));
            assertThat(item.isNull() ? plain : item.text()).isEqualTo(plain);
        }
    }

    @Test
    void theKindIsReadWithoutTyping() {
        assertThat(Recipe.of("x", "x.yaml", "a: {kind: other}\nkind: some-stage\n")
                        .kind())
                .isEqualTo("some-stage");
        for (String without : List.of("a: 1\n", "kind: {a: 1}\n")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Recipe.of("x", "x.yaml", without).kind())
                    .withMessageContaining("x.yaml")
                    .withMessageContaining("needs the key kind");
        }
    }

    @Test
    void aRecipeMovesToAnotherPlaceWithWhatItReads() {
        Recipe moved = Recipe.of("x", "x.yaml", "a: runs/data/train\nb: [{c: 'runs/e'}, other/runs/f, 3]\n")
                .under(Path.of("my place, here"));
        assertThat(moved.text())
                .isEqualTo(Recipe.of(
                                "x",
                                "x.yaml",
                                "a: 'my place, here/data/train'\nb: [{c: 'my place, here/e'}, other/runs/f, 3]\n")
                        .text());
    }

    @Test
    void distanceCountsLettersToChange() {
        assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Spelling.distance("", "abc")).isEqualTo(3);
        assertThat(Spelling.suggestion("zzzzz", List.of("steps", "seed"))).contains("known are: seed, steps");
    }
}

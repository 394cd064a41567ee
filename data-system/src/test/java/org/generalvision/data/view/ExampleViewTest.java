package org.generalvision.data.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Example.Caption;
import org.generalvision.data.example.Example.Depth;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.example.Mask;
import org.generalvision.data.source.ExampleData;
import org.generalvision.recipe.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleViewTest {
    private static final ByteBuffer BYTES = ByteBuffer.wrap(new byte[] {1, 2, 3});

    @TempDir
    private Path cache;

    /** A hundred examples; number i has label "c" and i mod 4, and every third is synthetic. */
    private static final class Numbered implements ExampleSource {
        private final AtomicLong reads = new AtomicLong();

        @Override
        public long size() {
            return 100;
        }

        @Override
        public Example get(long index) {
            reads.incrementAndGet();
            return Example.builder("e" + index, BYTES, "test", index % 2 == 0 ? "MIT" : "CC0-1.0")
                    .labels(List.of("c" + index % 4))
                    .synthetic(index % 3 == 0)
                    .build();
        }

        @Override
        public String hash() {
            return "1".repeat(64);
        }

        @Override
        public void close() {}
    }

    private static List<String> ids(ExampleSource source) {
        return LongStream.range(0, source.size())
                .mapToObj(i -> source.get(i).id())
                .toList();
    }

    private static Example example(Caption... captions) {
        return Example.builder("e", BYTES, "test", "MIT")
                .captions(List.of(captions))
                .build();
    }

    @Test
    void aViewHoldsExactlyWhatMeetsAllConditionsInOrder() {
        List<Condition> where =
                List.of(new Condition.Labels(List.of("c1", "c2"), List.of()), new Condition.Synthetic(false));
        try (ExampleView view = ExampleView.of(new Numbered(), where, null, cache)) {
            List<String> expected = LongStream.range(0, 100)
                    .filter(i -> (i % 4 == 1 || i % 4 == 2) && i % 3 != 0)
                    .mapToObj(i -> "e" + i)
                    .toList();
            assertThat(ids(view)).isEqualTo(expected);
            assertThatThrownBy(() -> view.get(view.size())).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void conditionsAreJudgedOnceAndADamagedResultIsMadeAgain() throws IOException {
        Numbered source = new Numbered();
        List<Condition> where = List.of(new Condition.Synthetic(true));
        ExampleView.of(source, where, null, cache).close();
        assertThat(source.reads.get()).isEqualTo(100);
        List<String> first;
        try (ExampleView again = ExampleView.of(source, where, null, cache)) {
            assertThat(source.reads.get()).isEqualTo(100);
            first = ids(again);
        }
        Path file;
        try (Stream<Path> files = Files.list(cache)) {
            file = files.findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.delete(file);
        Files.write(file, bytes);
        try (ExampleView mended = ExampleView.of(source, where, null, cache)) {
            assertThat(ids(mended)).isEqualTo(first).hasSize(34);
        }
        Files.write(file, new byte[5]);
        try (ExampleView mended = ExampleView.of(source, where, null, cache)) {
            assertThat(ids(mended)).isEqualTo(first);
        }
    }

    @Test
    void aLimitTakesASampleThatItsSeedFixes() {
        List<Condition> where = List.of(new Condition.Labels(List.of("c1"), List.of()));
        Set<List<String>> samples = new HashSet<>();
        for (long seed = 0; seed < 5; seed++) {
            ExampleView.Limit limit = new ExampleView.Limit(10, seed);
            try (ExampleView view = ExampleView.of(new Numbered(), where, limit, cache);
                    ExampleView again = ExampleView.of(new Numbered(), where, limit, cache);
                    ExampleView larger =
                            ExampleView.of(new Numbered(), where, new ExampleView.Limit(20, seed), cache)) {
                assertThat(ids(view)).hasSize(10).doesNotHaveDuplicates().isEqualTo(ids(again));
                assertThat(ids(larger))
                        .startsWith(ids(view).toArray(new String[0]))
                        .hasSize(20);
                assertThat(view.hash()).isNotEqualTo(larger.hash()).isEqualTo(again.hash());
                samples.add(ids(view));
            }
        }
        assertThat(samples).hasSize(5);
        try (ExampleView all = ExampleView.of(new Numbered(), where, new ExampleView.Limit(1000, 1), cache)) {
            assertThat(ids(all)).hasSize(25).doesNotHaveDuplicates();
        }
    }

    @Test
    void captionsOfOtherLanguagesOrTooShortAreNotShown() {
        Condition.Captions english = new Condition.Captions(List.of("en"), 2);
        Example mixed = example(
                new Caption("ein Hund", "de"),
                new Caption("dog", "en"),
                new Caption(" a  dog", "en-GB"),
                new Caption("the dog", "ENG"));
        assertThat(english.accepts(mixed)).isTrue();
        assertThat(english.shown(mixed).captions()).containsExactly(new Caption(" a  dog", "en-GB"));
        assertThat(english.accepts(example(new Caption("ein Hund", "de")))).isFalse();
        assertThat(english.accepts(example())).isFalse();
        assertThat(new Condition.Captions(List.of(), 1).accepts(example(new Caption(" ", "en"))))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"MIT, true", "MIT AND CC0-1.0, true", "MIT AND GPL-3.0-only, false", "mit, false", "GPL-3.0-only, false"
    })
    void licencesMustAllBeAllowed(String licence, boolean accepted) {
        Example example = Example.builder("e", BYTES, "test", licence).build();
        assertThat(new Condition.Licences(List.of("MIT", "CC0-1.0")).accepts(example))
                .isEqualTo(accepted);
    }

    @Test
    void annotationsAreFoundOne() {
        Example bare = Example.builder("e", BYTES, "test", "MIT").build();
        List<Example> each = List.of(
                bare.toBuilder().captions(List.of(new Caption("a", "en"))).build(),
                bare.toBuilder().labels(List.of("a")).build(),
                bare.toBuilder().boxes(List.of(new Box(0, 0, 1, 1, "a", false))).build(),
                bare.toBuilder()
                        .masks(List.of(Mask.RunLengths.of(1, 1, new java.util.BitSet(), "a", null)))
                        .build(),
                bare.toBuilder().depth(new Depth(BYTES, 1)).build());
        List<Condition.Annotation> annotations = List.of(Condition.Annotation.values());
        for (int i = 0; i < each.size(); i++) {
            Condition condition = new Condition.Annotated(List.of(annotations.get(i)));
            for (int j = 0; j < each.size(); j++) {
                assertThat(condition.accepts(each.get(j))).isEqualTo(i == j);
            }
        }
        assertThat(new Condition.Annotated(List.of(Condition.Annotation.BOXES, Condition.Annotation.MASKS))
                        .accepts(each.get(2)))
                .isFalse();
    }

    @Test
    void conditionsWithoutMeaningAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Condition.Annotated(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Condition.Licences(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Condition.Labels(List.of(), List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Condition.Labels(List.of("a"), List.of("a")));
        assertThatIllegalArgumentException().isThrownBy(() -> new Condition.Captions(List.of(), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ExampleView.Limit(0, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gv-d", "gv-dc", "gv-dd", "gv-ds"})
    void shippedViewsAreMixtures(String name) {
        ExampleData data = Recipe.load(name).as(ExampleData.class);
        assertThat(data).isInstanceOf(ExampleData.Mixture.class);
        assertThat(((ExampleData.Mixture) data).members()).isNotEmpty();
    }

    private ExampleData read(String yaml) {
        return Recipe.of("test", "test.yaml", yaml).as(ExampleData.class);
    }

    @Test
    void aMixtureOfViewsIsReadFromARecipe() {
        String yaml = """
                kind: mixture
                draws: 100
                members:
                  - name: captions
                    weight: 3
                    data:
                      kind: view
                      of: {kind: starter, split: clipart-validation}
                      where:
                        - {kind: annotated, with: [captions, labels]}
                        - {kind: captions, languages: [en], minWords: 3}
                        - {kind: licences, allow: [CC-PDDC]}
                        - {kind: labels, include: [], exclude: [flags]}
                        - {kind: synthetic, wanted: false}
                      limit: {examples: 40, seed: 1}
                  - {name: fashion, weight: 1, data: {kind: starter, split: fashion-test}}
                """;
        try (ExampleSource source = read(yaml).open(cache)) {
            assertThat(source.size()).isEqualTo(40 + 10_000);
            List<Example> members = new ArrayList<>();
            LongStream.range(0, 40).forEach(i -> members.add(source.get(i)));
            assertThat(members).allSatisfy(example -> {
                assertThat(example.labels()).isNotEmpty().doesNotContain("flags");
                assertThat(example.captions()).isNotEmpty();
            });
            assertThat(source.get(40).source()).isEqualTo("fashion-mnist");
            assertThat(source.hash()).matches("[0-9a-f]{64}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{kind: mixture, draws: 9, members: []}",
                "{kind: mixture, draws: 0, members: [{name: a, weight: 1, data: {kind: starter, split: fashion-test}}]}",
                "{kind: mixture, draws: 9, members: [{name: a, weight: 0, data: {kind: starter, split: fashion-test}}]}",
                "{kind: mixture, draws: 9, members: [{name: a, weight: 1, data: {kind: starter, split: fashion-test}},"
                        + " {name: a, weight: 1, data: {kind: starter, split: fashion-test}}]}",
                "{kind: mixture, draws: 9, members: [{name: a, weight: 1, data: {kind: mixture, draws: 9, members: [{name: b,"
                        + " weight: 1, data: {kind: starter, split: fashion-test}}]}}]}",
                "{kind: view, of: {kind: mixture, draws: 9, members: [{name: b, weight: 1, data: {kind: starter, split:"
                        + " fashion-test}}]}, where: [], limit: null}"
            })
    void mixturesWithoutMeaningAreRefused(String yaml) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(yaml));
    }

    @Test
    void aMemberWithoutExamplesIsRefusedByName() {
        String yaml = """
                kind: mixture
                draws: 10
                members:
                  - name: nothing
                    weight: 1
                    data:
                      kind: view
                      of: {kind: starter, split: fashion-test}
                      where: [{kind: annotated, with: [depth]}]
                      limit: null
                """;
        ExampleData data = read(yaml);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> data.open(cache).close())
                .withMessageContaining("nothing");
    }
}

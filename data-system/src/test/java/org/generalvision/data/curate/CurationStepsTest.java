package org.generalvision.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.generalvision.data.shard.ShardReader;
import org.generalvision.data.source.ExampleData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CurationStepsTest {
    @TempDir
    Path folder;

    private Path directory = Path.of("");

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @BeforeEach
    void sixExamples() {
        directory = Shards.ofContents(folder.resolve("shards"), List.of("a", "b", "c", "d", "e", "f"));
    }

    @Test
    void aStepIsSeenByTheNextOneAndByTraining() {
        assertThat(Shards.remove(directory, "first", 1, 4).list()).isEqualTo("001-first");
        assertThat(Shards.ids(directory)).containsExactly("e0", "e2", "e3", "e5");
        // Number 2 is now what was number 3.
        assertThat(Shards.remove(directory, "second", 2).first().get(0).index()).isEqualTo(3);
        try (var training = new ExampleData.Shards(directory.toString()).open(folder)) {
            assertThat(Shards.ids(training)).containsExactly("e0", "e2", "e5");
        }
    }

    @Test
    void aListSaysWhatWasRemovedAndWhy() throws IOException {
        String before = hash();
        try (CurationStep step = CurationStep.begin(directory, "some-step", Map.of("limit", 3), false)) {
            step.remove(2, "e2", "too plain", Map.of("score", 0.5, "kept", "e0"));
            step.finish();
        }
        assertThat(Files.readAllLines(directory.resolve("curation/001-some-step.jsonl")))
                .containsExactly(
                        "{\"step\":\"some-step\",\"settings\":{\"limit\":3},\"manifest\":\"%s\",\"source\":\"%s\",\"examples\":6,\"removed\":1}"
                                .formatted(before, before),
                        "{\"index\":2,\"id\":\"e2\",\"reason\":\"too"
                                + " plain\",\"evidence\":{\"kept\":\"e0\",\"score\":0.5}}");
        assertThat(hash()).isNotEqualTo(before);
    }

    @Test
    void undoneStepsCanBeTakenAgain() {
        String whole = hash();
        Shards.remove(directory, "first", 0);
        Shards.remove(directory, "second", 0);
        String both = hash();
        CurationSteps steps = new CurationSteps(directory);

        steps.undo("001-first");
        assertThat(Shards.ids(directory)).containsExactly("e0", "e2", "e3", "e4", "e5");
        steps.undo(null);
        assertThat(hash()).isEqualTo(whole);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> steps.undo(null))
                .withMessageContaining("No step on " + directory + " is taken");

        steps.redo(null);
        steps.redo("002-second");
        assertThat(hash()).isEqualTo(both);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> steps.undo("first"))
                .withMessageContaining("there are: [001-first, 002-second]");
        assertThat(steps.undone()).isEmpty();
    }

    @Test
    void aNewStepNeverTakesTheNumberOfAnUndoneOne() {
        Shards.remove(directory, "first", 0);
        new CurationSteps(directory).undo(null);
        assertThat(Shards.remove(directory, "first", 1).list()).isEqualTo("002-first");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void undoRestoresWhateverWasRemovedInBetween(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<List<String>> seen = new ArrayList<>();
        for (int step = 0; step < 3; step++) {
            List<String> ids = Shards.ids(directory);
            seen.add(ids);
            Shards.remove(directory, "step", random.nextInt(ids.size()));
        }
        for (int step = 2; step >= 0; step--) {
            new CurationSteps(directory).undo(null);
            assertThat(Shards.ids(directory)).isEqualTo(seen.get(step));
        }
    }

    @Test
    void aDryStepAndAnAbandonedStepLeaveNothing() throws IOException {
        try (CurationStep step = CurationStep.begin(directory, "dry", Map.of(), true)) {
            step.remove(0, "e0", "why not", Map.of());
            assertThat(step.finish().removed()).isEqualTo(1);
        }
        assertThat(directory.resolve("curation")).doesNotExist();
        try (CurationStep step = CurationStep.begin(directory, "abandoned", Map.of(), false)) {
            step.remove(0, "e0", "why not", Map.of());
        }
        try (var left = Files.list(directory.resolve("curation"))) {
            assertThat(left.map(file -> String.valueOf(file.getFileName()))).containsExactly(".lock");
        }
        assertThat(Shards.ids(directory)).hasSize(6);
    }

    @Test
    void whatAKilledStepLeftIsRemoved() throws IOException {
        Files.createDirectories(directory.resolve("curation/.work-1234"));
        Files.writeString(directory.resolve("curation/.work-1234/removals"), "half a line");
        Shards.remove(directory, "next", 0);
        assertThat(directory.resolve("curation/.work-1234")).doesNotExist();
    }

    @Test
    void aStepThatRemovesNothingLeavesNoList() {
        assertThat(Shards.remove(directory, "idle").list()).isNull();
        assertThat(new CurationSteps(directory).active()).isEmpty();
    }

    @Test
    void everythingIsNeverRemoved() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shards.remove(directory, "greedy", 0, 1, 2, 3, 4, 5))
                .withMessageContaining("would remove all 6 examples");
        assertThat(Shards.ids(directory)).hasSize(6);
    }

    @Test
    void twoStepsAtATimeAreRefused() {
        try (CurationStep step = CurationStep.begin(directory, "one", Map.of(), false)) {
            assertThat(step.source().size()).isEqualTo(6);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CurationStep.begin(directory, "two", Map.of(), false))
                    .withMessageContaining("Another curation step is at work");
        }
        Shards.remove(directory, "two", 0);
    }

    @Test
    void aFolderThatHoldsNoShardsIsLeftAlone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CurationStep.begin(folder, "step", Map.of(), false))
                .withMessageContaining("not a directory of shards");
        assertThat(folder.resolve("curation")).doesNotExist();
    }

    @Test
    void aListForOtherShardsIsStale() throws IOException {
        Shards.remove(directory, "step", 0);
        Path other = Shards.ofContents(folder.resolve("other"), List.of("a", "b", "c"));
        Files.createDirectory(other.resolve("curation"));
        Files.copy(directory.resolve("curation/001-step.jsonl"), other.resolve("curation/001-step.jsonl"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CuratedSource.open(other))
                .withMessageContainingAll("001-step.jsonl", "was made for shards with manifest", "gv data undo");
        new CurationSteps(other).undo(null);
        assertThat(Shards.ids(other)).hasSize(3);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDamagedListIsRefusedOrMeansTheSame(long seed) throws IOException {
        Shards.remove(directory, "step", 1, 3);
        Path list = directory.resolve("curation/001-step.jsonl");
        byte[] bytes = Files.readAllBytes(list);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        if (seed % 2 == 0) {
            bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length - 1));
        } else {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        Files.write(list, bytes);
        try (CuratedSource source = CuratedSource.open(directory)) {
            // A changed reason or id does no harm; another index would have to be in range.
            assertThat(source.size()).isBetween(4L, 5L);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining("001-step.jsonl");
        }
        new CurationSteps(directory).undo("001-step");
        assertThat(Shards.ids(directory)).hasSize(6);
    }

    @Test
    void whatIsLeftBecomesADirectoryOfItsOwn() {
        Shards.remove(directory, "step", 0, 2);
        try (CuratedSource source = CuratedSource.open(directory)) {
            assertThat(new CompactCopy(folder.resolve("new"), 1 << 20)
                            .of(source, () -> {})
                            .examples())
                    .isEqualTo(4);
        }
        try (ShardReader reader = ShardReader.open(folder.resolve("new"))) {
            assertThat(Shards.ids(reader)).containsExactly("e1", "e3", "e4", "e5");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CompactCopy(folder.resolve("new"), 1 << 20))
                .withMessageContaining("not overwritten");
    }

    private String hash() {
        try (CuratedSource source = CuratedSource.open(directory)) {
            return source.hash();
        }
    }
}

package org.generalvision.data.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeLogTest {
    private static final LabelCounts COUNTS = new LabelCounts(
            "0123456789abcdef", 100, new TreeMap<>(Map.of("cat", 10L, "cats", 5L, "Dog", 20L, "unicorn", 3L)));

    @TempDir
    Path folder;

    private final LabelSystem animals = Labels.animals();

    @SuppressWarnings("NullAway.Init") // made before each test
    private LabelMappings mappings;

    @BeforeEach
    void create() {
        mappings = mappings("labels");
    }

    private LabelMappings mappings(String name) {
        Path directory = folder.resolve(name);
        return new LabelMappings(LabelDirectory.create(directory, animals, Morphology.REGULAR, "test"), animals);
    }

    private MergeLog map(MergeLog log, HandMapping hand) {
        return new LabelMerge(
                        animals,
                        "hash",
                        new LabelMatcher(animals, Morphology.REGULAR, concept -> true, false),
                        new SuggestionSearch(animals, new CharacterNgrams(), concept -> true),
                        2)
                .map(log, "pictures", COUNTS, hand);
    }

    @Test
    void theReportCountsWhatMapsWhatIsAmbiguousAndWhatIsLost() {
        Coverage coverage = mappings.change(log -> map(log, HandMapping.NONE));
        assertThat(coverage.mapped()).isEqualTo(2);
        assertThat(coverage.ambiguous()).isEqualTo(1);
        assertThat(coverage.lost()).isEqualTo(1);
        Coverage.DataSet data = coverage.dataSets().get(0);
        assertThat(data.uses()).isEqualTo(38);
        assertThat(data.mappedUses()).isEqualTo(15);
        assertThat(data.mappedShare()).isEqualTo(15.0 / 38);
        assertThat(data.rules()).containsExactly(Map.entry("id", 1), Map.entry("lemma", 1));
        assertThat(data.conflicts()).containsExactly(new Coverage.Conflict("cat", "cat", List.of("cat", "cats")));
        assertThat(data.withAncestors()).isEqualTo(3);
        assertThat(data.ambiguousLabels().get(0).choices())
                .extracting(Coverage.Choice::concept)
                .containsExactly("dog", "andiron");
        assertThat(mappings.coverage()).isEqualTo(coverage);
    }

    @Test
    void aPersonSettlesWhatIsOpenAndOnlyThat() {
        mappings.change(log -> map(log, HandMapping.NONE));
        Coverage coverage = mappings.change(log -> map(log, new HandMapping(Map.of("Dog", "dog"))));
        assertThat(coverage.mapped()).isEqualTo(3);
        assertThat(coverage.dataSets().get(0).rules()).containsEntry("hand", 1);
        int before = mappings.log().entries().size();
        mappings.change(log -> map(log, HandMapping.NONE));
        assertThat(mappings.log().entries()).hasSize(before);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mappings.change(log -> map(log, new HandMapping(Map.of("cats", "dog")))))
                .withMessageContainingAll("cats", "undo entry");
        assertThat(mappings.log().entries()).hasSize(before);
    }

    @Test
    void aMergeIsUndoneAndTheUndoToo() {
        mappings.change(log -> map(log, HandMapping.NONE));
        mappings.change(log -> map(log, new HandMapping(Map.of("Dog", "dog"))));
        int merge = mappings.log().entries().size();
        Coverage undone = mappings.change(log -> log.undo(merge));
        assertThat(undone.mapped()).isEqualTo(2);
        assertThat(undone.ambiguous()).isEqualTo(1);
        Coverage again = mappings.change(log -> log.undo(merge + 1));
        assertThat(again.mapped()).isEqualTo(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mappings.change(log -> log.undo(merge + 1)))
                .withMessageContaining("undone already");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mappings.change(log -> log.undo(1)))
                .withMessageContaining("merges nothing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mappings.change(log -> log.undo(99)))
                .withMessageContaining("no entry 99");
    }

    @Test
    void aLabelWhoseOnlyMergeIsUndoneIsOpen() {
        mappings.change(log -> map(log, HandMapping.NONE));
        int cat = mappings.log().entries().stream()
                .filter(entry ->
                        entry instanceof MergeEntry.Merge merge && merge.label().equals("cat"))
                .findAny()
                .orElseThrow()
                .entry();
        Coverage undone = mappings.change(log -> log.undo(cat));
        assertThat(undone.dataSets().get(0).labels()).isEqualTo(4);
        assertThat(undone.lost()).isEqualTo(2);
    }

    @Test
    void aWholeMappingIsUndoneAndMayBeMadeAgain() {
        mappings.change(log -> map(log, HandMapping.NONE));
        assertThat(mappings.change(log -> log.drop("pictures")).dataSets()).isEmpty();
        int drop = mappings.log().entries().size();
        Coverage again = mappings.change(log -> map(log, HandMapping.NONE));
        assertThat(again.mapped()).isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mappings.change(log -> log.undo(drop)))
                .withMessageContaining("mapped already");
        mappings.change(log -> log.drop("pictures"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mappings.change(log -> log.drop("pictures")))
                .withMessageContaining("not mapped here");
    }

    @Test
    void replayMakesTheSameFilesFromTheLogAlone() throws IOException {
        mappings.change(log -> map(log, HandMapping.NONE));
        mappings.change(log -> log.undo(3));
        Path directory = folder.resolve("labels");
        byte[] mapping = Files.readAllBytes(directory.resolve("mapping.csv"));
        byte[] coverage = Files.readAllBytes(directory.resolve("coverage.json"));
        Files.delete(directory.resolve("mapping.csv"));
        Files.writeString(directory.resolve("coverage.json"), "{}");
        mappings.replay();
        assertThat(directory.resolve("mapping.csv")).hasBinaryContent(mapping);
        assertThat(directory.resolve("coverage.json")).hasBinaryContent(coverage);

        LabelMappings other = mappings("other");
        Coverage taken = other.replay(directory.resolve("merges.jsonl"));
        assertThat(taken).isEqualTo(mappings.coverage());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> other.replay(directory.resolve("merges.jsonl")))
                .withMessageContaining("mapped in");
    }

    @Test
    void aLogIsReadBackLineByLine() throws IOException {
        mappings.change(log -> map(log, HandMapping.NONE));
        mappings.change(log -> log.undo(3));
        mappings.change(log -> log.drop("pictures"));
        Path file = folder.resolve("labels/merges.jsonl");
        MergeLog log = MergeLog.read(file);
        assertThat(log.text()).isEqualTo(Files.readString(file));
        assertThat(log.entries()).extracting(MergeEntry::entry).startsWith(1, 2, 3);
    }

    @Test
    void wrongLogsAreRefused() throws IOException {
        mappings.change(log -> map(log, HandMapping.NONE));
        Path file = folder.resolve("labels/merges.jsonl");
        String text = Files.readString(file);
        List<String> lines = text.lines().toList();
        refused(file, String.join("\n", lines.subList(1, lines.size())), "line 1");
        refused(file, text + lines.get(0), "line 6");
        refused(file, text + "{\"op\":\"undo\",\"entry\":6,\"undoes\":6}", "not before it");
        refused(file, text + "{\"op\":\"magic\",\"entry\":6}", "line 6");
        refused(
                file,
                text.replace("\"data\":\"pictures\",\"hash\"", "\"data\":\"others\",\"hash\""),
                "which no entry begins");
        Files.writeString(file, text.replace("\"concept\":\"cat\"", "\"concept\":\"gone\""));
        assertThatIllegalArgumentException().isThrownBy(mappings::replay).withMessageContaining("does not have");
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        for (int i = 0; i < 500; i++) {
            Files.write(file, Mutations.of(text, random));
            Mutations.readOrRefuse(() -> mappings.coverage(), i);
        }
    }

    private static void refused(Path file, String text, String message) throws IOException {
        Files.writeString(file, text);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MergeLog.read(file))
                .withMessageContaining(message);
    }

    @Test
    void handTablesThatContradictThemselvesAreRefused() throws IOException {
        Path file = folder.resolve("hand.csv");
        Files.writeString(file, "label,concept,why\nDog,domestic dog,x\nunicorn,,lost\n");
        assertThat(HandMapping.read(file, animals).choices()).containsExactly(Map.entry("Dog", "dog"));
        for (String wrong : List.of(
                "label,concept\nDog,dog\nDog,cat\n",
                "label,concept\nDog,nobody\n",
                "label,concept\nx,poodle dog,y\n",
                "label,name\nDog,dog\n")) {
            Files.writeString(file, wrong);
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> HandMapping.read(file, animals));
        }
        Files.writeString(file, "label,concept\nDog,Dog\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandMapping.read(file, animals))
                .withMessageContaining("2 concepts");
    }
}

package org.generalvision.data.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelDirectoryTest {
    @TempDir
    Path folder;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(7);

    @Test
    void whatIsWrittenIsReadBackAndWrittenAlike() throws Exception {
        LabelSystem labels = Labels.random(random, 300);
        Morphology morphology = new Morphology(Map.of("geese", List.of("goose")), Map.of());
        LabelDirectory.create(folder.resolve("a"), labels, morphology, "test");
        LabelDirectory directory = LabelDirectory.open(folder.resolve("a"));
        LabelSystem loaded = directory.load();
        assertThat(concepts(loaded)).isEqualTo(concepts(labels));
        assertThat(loaded.languages()).isEqualTo(labels.languages());
        assertThat(directory.morphology().nounBases("geese")).containsExactly("goose");
        assertThat(directory.manifest().concepts()).isEqualTo(300);

        LabelDirectory.create(folder.resolve("b"), loaded, directory.morphology(), "test");
        assertThat(folder.resolve("b/concepts.arrow")).hasSameBinaryContentAs(folder.resolve("a/concepts.arrow"));
        assertThat(folder.resolve("b/manifest.json")).hasSameBinaryContentAs(folder.resolve("a/manifest.json"));
    }

    @Test
    void anEmptySystemHasAFileToo() {
        LabelDirectory.create(folder.resolve("a"), LabelSystem.of(List.of()), Morphology.REGULAR, "test");
        assertThat(LabelDirectory.open(folder.resolve("a")).load().size()).isZero();
    }

    @Test
    void aDirectoryThatExistsIsKept() throws Exception {
        Files.writeString(Files.createDirectory(folder.resolve("a")).resolve("mine"), "x");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> LabelDirectory.create(folder.resolve("a"), Labels.animals(), Morphology.REGULAR, "test"))
                .withMessageContaining("not overwritten");
        assertThat(folder.resolve("a")).isDirectoryContaining("glob:**mine");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelDirectory.open(folder.resolve("a")))
                .withMessageContaining("gv data labels import");
    }

    @Test
    void oneChangedBitIsFound() throws Exception {
        LabelDirectory.create(folder.resolve("a"), Labels.animals(), Morphology.REGULAR, "test");
        for (String name : List.of(LabelDirectory.CONCEPTS, LabelDirectory.MANIFEST)) {
            Path file = folder.resolve("a").resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            byte[] changed = bytes.clone();
            changed[bytes.length / 3] ^= 1;
            Files.write(file, changed);
            assertThatIllegalArgumentException()
                    .as(name)
                    .isThrownBy(() -> LabelDirectory.open(folder.resolve("a")).load());
            Files.write(file, bytes);
        }
    }

    /** Whoever changes the file may change its checksum too: the file itself must not be believed either. */
    @Test
    void mutatedFilesAreReadOrRefused() {
        byte[] bytes = ConceptFile.write(Labels.random(random, 40).columns());
        for (int i = 0; i < 4000; i++) {
            byte[] mutated = bytes.clone();
            for (int k = 0; k <= random.nextInt(4); k++) {
                mutated[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThatCode(() -> {
                        try {
                            new LabelSystem(ConceptFile.read(mutated, "mutated"));
                        } catch (IllegalArgumentException expected) {
                            assertThat(expected).hasMessageMatching("(?s).+");
                        }
                    })
                    .as("mutation %d", i)
                    .doesNotThrowAnyException();
        }
    }

    private static List<Concept> concepts(LabelSystem labels) {
        return IntStream.range(0, labels.size()).mapToObj(labels::concept).toList();
    }
}

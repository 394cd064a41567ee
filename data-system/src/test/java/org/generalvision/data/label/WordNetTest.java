package org.generalvision.data.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database of a few made-up synsets in the format of wndb(5WN); the whole one where it is installed. */
class WordNetTest {
    private static final Path INSTALLED = Path.of("/usr/share/wordnet");

    private static final Map<String, String> FILES = Map.of(
            "data.noun",
            """
              1 This is a licence.
            00001740 03 n 01 entity 0 001 ~ 00001930 n 0000 | what is
            00001930 03 n 01 physical_entity 0 002 @ 00001740 n 0000 ~ 00000100 n 0000 | what is somewhere
            00000100 05 n 02 dog 0 domestic_dog 0 001 @ 00001930 n 0000 | barks; "a good dog"
            00000200 05 n 01 Rex 1 001 @i 00000100 n 0000 | one dog
            00000300 06 n 02 andiron 0 dog 2 002 @ 00001930 n 0000 + 00000100 v 0101 | holds wood
            00000400 07 n 01 color 0 001 = 00000900 a 0000 | of light
            00000500 26 n 01 health 0 000 | of a body
            02735688 06 n 01 area 0 001 @ 00001930 n 0000 | a part of a building
            00000600 06 n 01 yard 0 001 @ 02735688 n 0000 | beside a house
            """,
            "data.adj",
            """
            00000900 00 a 01 chromatic 3 002 = 00000400 n 0000 & 00000901 a 0000 | having color
            00000901 00 s 02 red 0 ruddy(p) 0 001 & 00000900 a 0000 | as blood
            00000910 00 a 01 ill 0 001 = 00000500 n 0000 | not well
            00000911 00 s 01 sick 0 001 & 00000910 a 0000 | rather ill
            00000920 44 a 01 broken 0 000 | in pieces
            """,
            "index.noun",
            """
            dog n 2 1 @ 2 1 00000100 00000300
            domestic_dog n 1 1 @ 1 0 00000100
            """,
            "index.adj",
            "red a 1 1 & 1 1 00000901\n",
            "cntlist.rev",
            """
            dog%1:05:00:: 1 42
            red%5:00:00:chromatic:03 1 43
            dog%2:38:00:: 1 2
            """,
            "noun.exc",
            "geese goose\nmen_of_war man_of_war\n",
            "adj.exc",
            "better good well\n");

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
    }

    @Test
    void eachSynsetIsOneConcept() {
        LabelSystem labels = WordNet.read(folder).labels();
        assertThat(labels.size()).isEqualTo(14);
        Concept dog = labels.concept(labels.find("n00000100").orElseThrow());
        assertThat(dog.names())
                .containsExactly(new Concept.Name("dog", "en", 1, 42), new Concept.Name("domestic dog", "en", 1, 0));
        assertThat(dog.descriptions()).containsExactly(new Concept.Description("barks; \"a good dog\"", "en"));
        assertThat(ids(labels, labels.senses("dog"))).containsExactly("n00000100", "n00000300");
        assertThat(labels.concept(labels.find("a00000901").orElseThrow()).names())
                .containsExactly(new Concept.Name("red", "en", 1, 43), new Concept.Name("ruddy", "en"));
    }

    @Test
    void parentsAreHypernymsClassesHeadsAndAttributes() {
        LabelSystem labels = WordNet.read(folder).labels();
        assertThat(above(labels, "n00000200")).containsExactly("n00000100", "n00001930", "n00001740");
        assertThat(above(labels, "a00000901")).containsExactly("a00000900", "n00000400");
        assertThat(above(labels, "a00000920")).isEmpty();
    }

    @Test
    void kindsFollowTheLexicographerFiles() {
        LabelSystem labels = WordNet.read(folder).labels();
        Map<String, Kind> kinds = Map.of(
                "n00001740", Kind.NON_VISUAL,
                "n00000100", Kind.OBJECT,
                "n00000400", Kind.ATTRIBUTE,
                "n00000500", Kind.STATE,
                "n00000600", Kind.SCENE,
                "a00000901", Kind.ATTRIBUTE,
                "a00000910", Kind.STATE,
                "a00000911", Kind.STATE,
                "a00000920", Kind.STATE);
        kinds.forEach((id, kind) ->
                assertThat(labels.kind(labels.find(id).orElseThrow())).as(id).isEqualTo(kind));
    }

    @Test
    void irregularFormsComeAlong() {
        Morphology morphology = WordNet.read(folder).morphology();
        assertThat(morphology.nounBases("geese")).containsExactly("goose");
        assertThat(morphology.nounBases("men of war")).containsExactly("man of war");
        assertThat(morphology.adjectiveBases("better")).containsExactly("good", "well");
    }

    @Test
    void aMissingFileIsNamedWithItsRemedy() throws IOException {
        Files.delete(folder.resolve("index.adj"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WordNet.read(folder))
                .withMessageContainingAll("no index.adj", "wordnet-base");
    }

    @Test
    void brokenLinesAreNamed() throws IOException {
        for (String line : List.of(
                "0000010 05 n 01 x 0 000 | short offset",
                "00000101 05 n 02 x 0 000 | a word too few",
                "00000101 05 n 01 x 0 900 | pointers too few",
                "00000101 05 v 01 x 0 000 | a verb",
                "00000101 99 n 01 x 0 000 | an unknown file",
                "00000101 05 n 01 x 0 001 @ 09999999 n 0000 | a missing parent",
                "00000101 05 n 00 000 | no word",
                "00000100 05 n 01 x 0 000 | twice",
                "00000101 05 n 01 x 0 000")) {
            Files.writeString(folder.resolve("data.noun"), FILES.get("data.noun") + line + "\n");
            assertThatIllegalArgumentException().as(line).isThrownBy(() -> WordNet.read(folder));
        }
        Files.writeString(
                folder.resolve("data.noun"),
                FILES.get("data.noun") + "00000001 05 n 01 a 0 001 @ 00000001 n 0000 | itself\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WordNet.read(folder))
                .withMessageContaining("n00000001 -> n00000001");
    }

    @Test
    void mutatedFilesAreReadOrRefused() throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
        List<String> names = FILES.keySet().stream().sorted().toList();
        for (int i = 0; i < 200; i++) {
            String name = names.get(random.nextInt(names.size()));
            Files.write(folder.resolve(name), Mutations.of(FILES.getOrDefault(name, ""), random));
            Mutations.readOrRefuse(() -> WordNet.read(folder), i);
            Files.writeString(folder.resolve(name), FILES.getOrDefault(name, ""));
        }
    }

    @Test
    void theWholeDatabaseHasAsManyConceptsAsSynsets() {
        assumeTrue(Files.isRegularFile(INSTALLED.resolve("data.noun")), "wordnet-base is not installed");
        Imported imported = WordNet.read(INSTALLED);
        LabelSystem labels = imported.labels();
        assertThat(labels.size()).isEqualTo(82_115 + 18_156);
        int dog = labels.find("n02084071").orElseThrow();
        assertThat(labels.name(dog)).isEqualTo("dog");
        assertThat(Arrays.stream(labels.parents(dog)).mapToObj(labels::name))
                .containsExactlyInAnyOrder("canine", "domestic animal");
        assertThat(labels.senses("dog")[0]).isEqualTo(dog);
        assertThat(imported.morphology().nounBases("geese")).containsExactly("goose");
        assertThat(labels.name(labels.ancestors(dog)[labels.ancestors(dog).length - 1]))
                .isEqualTo("entity");
    }

    private static List<String> above(LabelSystem labels, String id) {
        return ids(labels, labels.ancestors(labels.find(id).orElseThrow()));
    }

    private static List<String> ids(LabelSystem labels, int[] concepts) {
        return Arrays.stream(concepts).mapToObj(labels::id).collect(Collectors.toList());
    }
}

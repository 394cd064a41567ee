package org.generalvision.data.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvLabelsTest {
    private static final String TABLE = """
            id,name,parents,synonyms,description,kind,state,name_zh,synonyms_zh
            thing,thing,,,,non-visual,,,
            dog,dog,thing|pet,domestic dog | hound,"barks, and ""bites\""",object,,\u72d7,\u72ac
            pet,pet,thing,,,,,,

            tail,tail,dog,,,part,,,
            """;

    @TempDir
    Path folder;

    @Test
    void aTableIsReadWithNamesInTwoLanguages() throws IOException {
        LabelSystem labels = CsvLabels.read(file(TABLE), false).labels();
        assertThat(labels.size()).isEqualTo(4);
        Concept dog = labels.concept(labels.find("dog").orElseThrow());
        assertThat(dog.parents()).containsExactly("thing", "pet");
        assertThat(dog.names())
                .extracting(Concept.Name::text)
                .containsExactly("dog", "domestic dog", "hound", "\u72d7", "\u72ac");
        assertThat(dog.descriptions()).containsExactly(new Concept.Description("barks, and \"bites\"", "en"));
        assertThat(labels.kind(labels.find("tail").orElseThrow())).isEqualTo(Kind.PART);
        assertThat(labels.kind(labels.find("pet").orElseThrow())).isEqualTo(Kind.OBJECT);
    }

    @Test
    void aByteOrderMarkIsPassedOver() throws IOException {
        assertThat(CsvLabels.read(file("\ufeffid,name\na,b\n"), false).labels().size())
                .isEqualTo(1);
    }

    @Test
    void twoLabelsThatClaimOneNameAreListed() throws IOException {
        Path file = file("id,name\na,Crane\nb,crane\nc,heron\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CsvLabels.read(file, false))
                .withMessageContainingAll("'crane' by a, b", "--homonyms");
        assertThat(CsvLabels.read(file, true).labels().senses("crane")).hasSize(2);
    }

    @Test
    void wrongTablesAreRefusedWithTheirRow() throws IOException {
        refused("id,name,colour\na,b,c\n", "row 2", "column 'colour' is unknown");
        refused("id,name,id\na,b,c\n", "two columns have one name");
        refused("id,name\na,b,c\n", "row 2", "3 cells");
        refused("id,name,kind\na,b,thing\n", "row 2", "kind is 'thing'");
        refused("id,name\na,\n", "row 2", "has no name");
        refused("name\nb\n", "id ''");
        refused("id,name\na,b\na,c\n", "two concepts have the id a");
        refused("id,name,parents\na,b,nobody\n", "nobody of a");
        refused("id,name,parents\na,x,b\nb,y,a\n", "cycle", "a -> b -> a");
        refused("", "empty");
        refused("id,name\n", "holds no label");
        refused("id,name\na," + "x".repeat(200_000) + "\n", "row 2");
        refused("id,name\na,\"never closed\n", "row");
    }

    @Test
    void otherEncodingsAreNamed() throws IOException {
        Path latin = Files.write(
                folder.resolve("latin.csv"), "id,name\na,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CsvLabels.read(latin, false))
                .withMessageContaining("not text in UTF-8");
        Path wide = Files.write(folder.resolve("wide.csv"), "\ufeffid,name\na,b\n".getBytes(StandardCharsets.UTF_16LE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CsvLabels.read(wide, false))
                .withMessageContaining("UTF-16");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CsvLabels.read(folder.resolve("none.csv"), false))
                .withMessageContaining("There is no file");
    }

    @Test
    void mutatedTablesAreReadOrRefused() throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
        for (int i = 0; i < 1000; i++) {
            Path file = Files.write(folder.resolve("mutated.csv"), Mutations.of(TABLE, random));
            Mutations.readOrRefuse(() -> CsvLabels.read(file, false), i);
        }
    }

    private void refused(String table, String... messages) throws IOException {
        Path file = file(table);
        assertThatIllegalArgumentException()
                .as(List.of(messages).toString())
                .isThrownBy(() -> CsvLabels.read(file, false))
                .withMessageContainingAll(messages);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("labels.csv"), text);
    }
}

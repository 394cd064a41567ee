package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Caption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TextTableSourceTest {
    private static final Naming NAMING = new Naming("web", "NOASSERTION", List.of("zero", "one"));

    @TempDir
    Path folder;

    @BeforeEach
    void anImage() throws IOException {
        Bytes.put(folder.resolve("img/a b.png"), Bytes.png(4, 3));
    }

    @Test
    void quotedFieldsHoldSeparatorsLinesAndMarks() throws IOException {
        Candidates found =
                csv("filepath,title\r\nimg/a b.png,\"a \"\"red\"\" one,\nand more\"\r\nimg/a b.png, plain \r\n");
        assertThat(found.examples())
                .extracting(example -> example.captions().get(0).text())
                .containsExactly("a \"red\" one,\nand more", "plain");
        assertThat(found.ids()).containsExactly("2/img/a b.png", "3/img/a b.png");
    }

    @Test
    void columnsAreFoundByTheirNamesOrNamed() throws IOException {
        Example found = csv("image,text,lang,label,license\nimg/a b.png,Eine Katze,de_AT,1,MIT\n")
                .examples()
                .get(0);
        assertThat(found.captions()).containsExactly(new Caption("Eine Katze", "de-AT"));
        assertThat(found.labels()).containsExactly("one");
        assertThat(found.licence()).isEqualTo("MIT");
        Path table = Bytes.put(folder.resolve("t.tsv"), "alt\twhere\n\"tab\there\"\timg/a b.png\n");
        Candidates named = Candidates.of(new SourceConfig.Tsv(table, null, "image=where,caption=alt", NAMING));
        assertThat(named.examples().get(0).captions()).containsExactly(new Caption("tab\there", "und"));
        assertThat(named.examples().get(0).licence()).isEqualTo("NOASSERTION");
    }

    @Test
    void rowsThatCannotBeUsedAreRejected() throws IOException {
        Candidates found = csv("""
                image,caption,label,lang
                img/a b.png,fine,0,en
                none.png,x,0,en
                img/a b.png,x
                img/a b.png,x,9,en
                img/a b.png,x,0,no such language
                img,x,0,en
                """);
        assertThat(found.ids()).containsExactly("2/img/a b.png");
        assertThat(found.rejected())
                .containsOnly(
                        entry("row 3", "is missing"),
                        entry("row 4", "has 2 fields, but the header has 4"),
                        entry("row 5", "class 9 is out of range: there are 2 class names"),
                        entry("row 6", "'no such language' is no language tag such as en or pt-BR"),
                        entry("row 7", "is no plain file; links are not followed"));
    }

    static List<Arguments> brokenTables() {
        return List.of(
                Arguments.of("", "is empty"),
                Arguments.of("caption,url\nx,y\n", "image=COLUMN"),
                Arguments.of("image,image\n", "two columns of one name"),
                Arguments.of("image,caption\nimg/a b.png,\"no end\n", "is broken at row 2"),
                Arguments.of("image,caption\n../x.png,y\n", "Row 2"),
                Arguments.of("image,caption\n/x.png,y\n", "must be relative"));
    }

    @ParameterizedTest
    @MethodSource("brokenTables")
    void brokenTablesAreRefused(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> csv(text)).withMessageContaining(message);
    }

    @Test
    void otherEncodingsAreRefused() throws IOException {
        String text = "image,caption\nimg/a b.png,caf\u00e9\n";
        for (byte[] bytes :
                List.of(text.getBytes(StandardCharsets.ISO_8859_1), text.getBytes(StandardCharsets.UTF_16))) {
            Path table = Bytes.put(folder.resolve("t.csv"), bytes);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Candidates.of(new SourceConfig.Csv(table, null, "", NAMING)))
                    .withMessageContaining("not text in UTF-8");
        }
    }

    @Test
    void wrongRolesAreRefused() {
        for (String columns : List.of("picture=x", "image", "image=a,image=b")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ColumnRoles.parse(columns))
                    .withMessageContaining("does not name a column");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ColumnRoles.parse("image=x").in(List.of("image"), "t.csv"))
                .withMessageContaining("t.csv has no column x");
    }

    private Candidates csv(String text) throws IOException {
        return Candidates.of(new SourceConfig.Csv(Bytes.put(folder.resolve("t.csv"), text), null, "", NAMING));
    }
}

package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Caption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebdatasetSourceTest {
    private static final Naming NAMING = new Naming("web", "NOASSERTION", List.of("zero", "one"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void entriesAreGroupedUpToTheFirstDotOfTheName(boolean zipped) throws IOException {
        byte[] tar = new Tar()
                .entry("a.b/", '5', "", new byte[0])
                .file("a.b/x.jpg", Bytes.jpeg(8, 8))
                .file("a.b/x.txt", " a bird \n")
                .file("a.b/x.seg.png", "not looked at")
                .file("a.b/y.PNG", Bytes.png(4, 4))
                .file("a.b/y.cls", "1")
                .file("a.b/y.json", "{\"caption\": \"un oiseau\", \"language\": \"fr\", \"license\": \"MIT\"}")
                .file("a.b/._y.jpg", "of the file system")
                .closed();
        Path file = Bytes.put(folder.resolve(zipped ? "t.tar.gz" : "t.tar"), zipped ? Idx.gzip(tar) : tar);
        Candidates found = read(file);
        assertThat(found.all()).hasSize(2);
        Example x = found.examples().get(0);
        assertThat(x.id()).isEqualTo(file.getFileName() + "/a.b/x");
        assertThat(x.captions()).containsExactly(new Caption("a bird", "und"));
        assertThat(Pixels.bytes(x.image())).isEqualTo(Bytes.jpeg(8, 8));
        Example y = found.examples().get(1);
        assertThat(y.captions()).containsExactly(new Caption("un oiseau", "fr"));
        assertThat(y.labels()).containsExactly("one");
        assertThat(y.licence()).isEqualTo("MIT");
    }

    @Test
    void samplesThatCannotBeUsedAreRejectedOneByOne() throws IOException {
        byte[] png = Bytes.png(4, 4);
        Path file = Bytes.put(
                folder.resolve("t.tar"),
                new Tar()
                        .file("good.png", png)
                        .file("blank.txt", "no image")
                        .file("two.png", png)
                        .file("two.jpg", Bytes.jpeg(8, 8))
                        .file("same.png", png)
                        .file("same.png", png)
                        .file("huge.png", Bytes.absurdPng())
                        .file("json.png", png)
                        .file("json.json", "{\"caption\": ")
                        .file("keys.png", png)
                        .file("keys.json", "{\"caption\": \"a\", \"caption\": \"b\"}")
                        .file("latin.png", png)
                        .file("latin.txt", new byte[] {'c', (byte) 0xE9})
                        .file("class.png", png)
                        .file("class.cls", "2")
                        .file("good.png", png)
                        .file("last.txt", "no image")
                        .closed());
        Candidates found = read(file);
        assertThat(found.ids()).containsExactly("t.tar/good");
        assertThat(found.rejected().keySet())
                .extracting(id -> id.substring("t.tar/".length()))
                .containsExactly("blank", "two", "same", "huge", "json", "keys", "latin", "class", "good", "last");
        assertThat(found.rejected().values())
                .satisfiesExactly(
                        r -> assertThat(r).contains("not 0"),
                        r -> assertThat(r).contains("not 2"),
                        r -> assertThat(r).contains("two entries png"),
                        r -> assertThat(r).contains("30000"),
                        r -> assertThat(r).contains("json is broken"),
                        r -> assertThat(r).contains("Duplicate"),
                        r -> assertThat(r).contains("not in UTF-8"),
                        r -> assertThat(r).contains("out of range"),
                        r -> assertThat(r).contains("second time"),
                        r -> assertThat(r).contains("not 0"));
    }

    static List<Arguments> unsafeArchives() throws IOException {
        byte[] png = Bytes.png(4, 4);
        byte[] tar = new Tar().file("a.png", png).file("b.png", png).closed();
        byte[] zipped = Idx.gzip(tar);
        return List.of(
                Arguments.of("up", new Tar().file("../a.png", png).closed(), "must not hold '..'"),
                Arguments.of("up later", new Tar().file("a/../../b.png", png).closed(), "must not hold '..'"),
                Arguments.of("absolute", new Tar().file("/a.png", png).closed(), "must be relative"),
                Arguments.of(
                        "hard link",
                        new Tar().entry("a.png", '1', "b", new byte[0]).closed(),
                        "is a link"),
                Arguments.of(
                        "link",
                        new Tar().entry("a.png", '2', "/etc", new byte[0]).closed(),
                        "is a link"),
                Arguments.of(
                        "device", new Tar().entry("a.png", '3', "", new byte[0]).closed(), "is a link"),
                Arguments.of(
                        "pipe", new Tar().entry("a.png", '6', "", new byte[0]).closed(), "is a link"),
                Arguments.of(
                        "folder up",
                        new Tar().entry("../x/", '5', "", new byte[0]).closed(),
                        "'..'"),
                Arguments.of("cut in a file", Arrays.copyOf(tar, 600), "t.tar"),
                Arguments.of("cut between", new Tar().file("a.png", png).open(), "ends too early"),
                Arguments.of("joined", Bytes.join(tar, tar), "goes on after its end mark"),
                Arguments.of("no tar", Bytes.text("x".repeat(1000)), "cannot be read as tar"),
                Arguments.of("empty", new byte[0], "ends too early"),
                Arguments.of("half a gzip", Arrays.copyOf(zipped, zipped.length / 2), "cannot be read as tar"),
                Arguments.of("bomb", Idx.gzip(new byte[100 << 20]), "unpack to more than"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unsafeArchives")
    void unsafeAndBrokenArchivesAreRefused(String name, byte[] bytes, String message) throws IOException {
        Path file = Bytes.put(folder.resolve("t.tar"), bytes);
        assertThatIllegalArgumentException()
                .as(name)
                .isThrownBy(() -> read(file))
                .withMessageContainingAll("t.tar", message);
    }

    @Test
    void manyArchivesAreNamedByAFolderARangeOrAStar() throws IOException {
        for (int i = 8; i <= 11; i++) {
            Bytes.put(
                    folder.resolve("train-%03d.tar".formatted(i)),
                    new Tar().file("k.png", Bytes.png(4, 4)).closed());
        }
        Bytes.put(folder.resolve("readme.txt"), "text");
        List<String> all = List.of("train-008.tar/k", "train-009.tar/k", "train-010.tar/k", "train-011.tar/k");
        assertThat(read(folder).ids()).isEqualTo(all);
        assertThat(read(folder.resolve("train-{008..011}.tar")).ids()).isEqualTo(all);
        assertThat(read(folder.resolve("train-*.tar")).ids()).isEqualTo(all);
        assertThat(read(folder.resolve("train-{011,008}.tar")).ids())
                .containsExactly("train-011.tar/k", "train-008.tar/k");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(folder.resolve("train-{008..012}.tar")))
                .withMessageContaining("No file")
                .withMessageContaining("train-012.tar");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(folder.resolve("{0..9}{0..999999}{0..9}.tar")))
                .withMessageContaining("more than");
    }

    private static Candidates read(Path path) {
        return Candidates.of(new SourceConfig.Webdataset(path, NAMING));
    }
}

package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.generalvision.data.example.Example;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderSourceTest {
    private static final Naming NAMING = new Naming("pets", "CC0-1.0", List.of());

    @TempDir
    Path folder;

    @Test
    void theTopFolderIsTheClassAndTheBytesStayAsTheyAre() throws IOException {
        byte[] png = Bytes.png(4, 3);
        Bytes.put(folder.resolve("cat/deep/er/1.PNG"), png);
        Bytes.put(folder.resolve("a dog/2.jpg"), Bytes.jpeg(5, 4));
        Bytes.put(folder.resolve("loose.png"), png);
        Candidates found = read(null);
        assertThat(found.ids()).containsExactly("a dog/2.jpg", "cat/deep/er/1.PNG", "loose.png");
        Example cat = found.example("cat/deep/er/1.PNG");
        assertThat(cat.labels()).containsExactly("cat");
        assertThat(Pixels.bytes(cat.image())).isEqualTo(png);
        assertThat(cat.source()).isEqualTo("pets");
        assertThat(cat.licence()).isEqualTo("CC0-1.0");
        assertThat(found.example("loose.png").labels()).isEmpty();
    }

    @Test
    void whatIsNoImageIsLeftOutOrRejectedByItsKind() throws IOException {
        byte[] png = Bytes.png(4, 3);
        Bytes.put(folder.resolve("a/good.png"), png);
        Bytes.put(folder.resolve("a/readme.txt"), "hello");
        Bytes.put(folder.resolve("a/broken.jpg"), "no image");
        Bytes.put(folder.resolve("a/empty.png"), new byte[0]);
        Bytes.put(folder.resolve("a/cut.png"), Arrays.copyOf(png, 20));
        Bytes.put(folder.resolve("a/huge.png"), Bytes.absurdPng());
        Files.createSymbolicLink(folder.resolve("a/link.png"), folder.resolve("a/good.png"));
        Files.createSymbolicLink(folder.resolve("round"), folder);
        Candidates found = read(null);
        assertThat(found.ids()).containsExactly("a/good.png");
        assertThat(found.leftOut())
                .containsOnly(
                        entry("a/readme.txt", "no JPEG, PNG or WebP file by its name"),
                        entry("a/link.png", "symbolic link, pipe or device"),
                        entry("round", "no JPEG, PNG or WebP file by its name"));
        assertThat(found.rejected().keySet()).containsExactly("a/broken.jpg", "a/cut.png", "a/empty.png", "a/huge.png");
        assertThat(found.rejected().get("a/huge.png")).contains("30000 x 30000");
        assertThat(new FolderSource(folder, null, NAMING).size())
                .isEqualTo(found.all().size());
    }

    @Test
    void splitsAreFoldersUnderAnyOfTheirNames() throws IOException {
        Bytes.put(folder.resolve("train/cat/1.png"), Bytes.png(4, 3));
        Bytes.put(folder.resolve("val/dog/2.png"), Bytes.png(4, 3));
        assertThat(read(Split.VALIDATION).examples().get(0).labels()).containsExactly("dog");
        assertThat(read(Split.TRAIN).ids()).containsExactly("cat/1.png");
        assertThatIllegalArgumentException().isThrownBy(() -> read(null)).withMessageContaining("--split");
        assertThatIllegalArgumentException().isThrownBy(() -> read(Split.TEST)).withMessageContaining("no folder");
    }

    @Test
    void aListIsSplitAtItsLastBlank() throws IOException {
        Bytes.put(folder.resolve("my dog/1 a.png"), Bytes.png(4, 3));
        Bytes.put(folder.resolve("2.png"), Bytes.png(4, 3));
        Path list = Bytes.put(
                folder.resolve("meta.list"),
                "\uFEFFmy dog/1 a.png 1\r\n\n2.png 0\n2.png 7\nnone.png 1\nalone\n2.png cat");
        Naming named = new Naming("pets", "CC0-1.0", List.of("zero", "one"));
        Candidates found = Candidates.of(new SourceConfig.Folder(folder, null, list, named));
        assertThat(found.example("my dog/1 a.png").labels()).containsExactly("one");
        assertThat(found.examples()).extracting(Example::labels).contains(List.of("zero"), List.of("cat"));
        assertThat(found.rejected())
                .containsOnly(
                        entry("2.png", "class 7 is out of range: there are 2 class names"),
                        entry("none.png", "is missing"),
                        entry("line 6", "must be a path, a blank and a class: 'alone'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside.png", "/etc/passwd", "a/../../outside.png", "C:\\x.png", "out/secret.png"})
    void pathsThatLeaveTheFolderAreRefused(String path) throws IOException {
        Path inside = Files.createDirectories(folder.resolve("in"));
        Bytes.put(folder.resolve("secrets/secret.png"), Bytes.png(4, 3));
        Files.createSymbolicLink(inside.resolve("out"), folder.resolve("secrets"));
        Path list = Bytes.put(folder.resolve("list"), path + " 1\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Candidates.of(new SourceConfig.Folder(inside, null, list, NAMING)))
                .withMessageContainingAll("Line 1", "refused");
    }

    @Test
    void aListThatIsNotTextIsRefused() throws IOException {
        Path list = Bytes.put(folder.resolve("list"), new byte[] {'a', (byte) 0xE9, ' ', '1'});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Candidates.of(new SourceConfig.Folder(folder, null, list, NAMING)))
                .withMessageContaining("not text in UTF-8");
    }

    private Candidates read(@Nullable Split split) {
        return Candidates.of(new SourceConfig.Folder(folder, split, null, NAMING));
    }
}

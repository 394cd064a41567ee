package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Box;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenimagesSourceTest {
    private static final String HEADER =
            "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\n";

    @TempDir
    Path folder;

    @BeforeEach
    void collection() throws IOException {
        Bytes.put(folder.resolve("class-descriptions-boxable.csv"), "/m/a,Cat\n/m/b,\"Dog, big\"\n/m/c,Cat\n");
        Bytes.put(folder.resolve("01.jpg"), Bytes.jpeg(10, 20));
        Bytes.put(folder.resolve("02.jpg"), Bytes.jpeg(10, 20));
    }

    @Test
    void relativeCornersBecomePixelsInWhateverOrderTheRowsCome() throws IOException {
        Path boxes = Bytes.put(
                folder.resolve("boxes.csv"),
                HEADER + "02,x,/m/a,1,0.1,0.5,0.25,0.75,0,0,0,0,0\n"
                        + "01,x,/m/b,1,0,1,0,1,0,0,1,0,0\n"
                        + "02,x,/m/c,1,0,0.1,0,0.1,0,0,0,0,0\n");
        Path labels = Bytes.put(
                folder.resolve("labels.csv"),
                "ImageID,Source,LabelName,Confidence\n02,verification,/m/a,1\n02,verification,/m/b,0\n");
        Candidates found = read(boxes, labels);
        assertThat(found.ids()).containsExactly("01", "02");
        Example second = found.example("02");
        assertThat(second.boxes())
                .containsExactly(new Box(1, 5, 5, 15, "Cat", false), new Box(0, 0, 1, 2, "Cat (/m/c)", false));
        assertThat(second.labels()).containsExactly("Cat");
        assertThat(second.absentLabels()).containsExactly("Dog, big");
        assertThat(found.example("01").boxes()).containsExactly(new Box(0, 0, 10, 20, "Dog, big", true));
    }

    @Test
    void rowsThatCannotBeUsedAreRejected() throws IOException {
        Candidates found = read(Bytes.put(
                folder.resolve("boxes.csv"),
                HEADER + "01,x,/m/z,1,0,1,0,1,0,0,0,0,0\n"
                        + "01,x,/m/a,1,0.5,0.5,0,1,0,0,0,0,0\n"
                        + "01,x,/m/a,1,0,nan,0,1,0,0,0,0,0\n"
                        + "01,x,/m/a,1,0,1.5,0,1,0,0,0,0,0\n"
                        + "01,x,/m/a,1,0,1,0,1,0,0,0,0,0\n"
                        + "01,x,/m/a,1,0,1,0,1,0,0,0,0,0\n"
                        + "03,x,/m/a,1,0,1,0,1,0,0,0,0,0\n"));
        assertThat(found.example("01").boxes()).hasSize(1);
        assertThat(found.rejected().keySet())
                .containsExactly(
                        "01 boxes.csv row 2",
                        "01 boxes.csv row 3",
                        "01 boxes.csv row 4",
                        "01 boxes.csv row 5",
                        "01 boxes.csv row 7",
                        "03");
    }

    @Test
    void brokenTablesAreRefused() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(Bytes.put(folder.resolve("b.csv"), "a,b\n1,2\n")))
                .withMessageContaining("ImageID");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(Bytes.put(folder.resolve("b.csv"), HEADER + "01,x\n")))
                .withMessageContaining("has 2 fields");
        assertThatIllegalArgumentException().isThrownBy(this::read).withMessageContaining("--annotations");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> read(Bytes.put(folder.resolve("b.csv"), HEADER + "../01,x,/m/a,1,0,1,0,1,0,0,0,0,0\n")))
                .withMessageContaining("refused");
    }

    private Candidates read(Path... tables) {
        return Candidates.of(new SourceConfig.Openimages(
                folder, List.of(tables), folder, new Naming("open-images", "CC-BY-2.0", List.of())));
    }
}

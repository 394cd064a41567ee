package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Mask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pascal VOC and ADE20K. */
class SegmentationSourcesTest {
    private static final Naming NAMING = new Naming("voc", "NOASSERTION", List.of());

    @TempDir
    Path root;

    private static String object(String name, String difficult, String corners, String more) {
        String[] c = corners.split(",", -1);
        return "<object><name>%s</name><difficult>%s</difficult>%s<bndbox><ymin>%s</ymin><xmin>%s</xmin><xmax>%s</xmax><ymax>%s</ymax></bndbox></object>"
                .formatted(name, difficult, more, c[1], c[0], c[2], c[3]);
    }

    private void voc(String id, String objects) throws IOException {
        Bytes.put(root.resolve("JPEGImages/" + id + ".jpg"), Bytes.jpeg(8, 6));
        Bytes.put(
                root.resolve("Annotations/" + id + ".xml"),
                "<?xml version='1.0'?><annotation><filename>other.jpg</filename>" + objects + "</annotation>");
    }

    @Test
    void vocBoxesCountFromOneAndIncludeTheirLastPixels() throws IOException {
        String part =
                "<part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part>";
        voc("a", object("person", "0", "1,1,8,6", part) + object("dog", "1", "2.5,3,4,4", ""));
        Example a = read(null).example("a");
        assertThat(a.boxes()).containsExactly(new Box(0, 0, 8, 6, "person", false), new Box(1.5, 2, 4, 4, "dog", true));
    }

    @Test
    void vocObjectsThatCannotBeUsedAreRejectedAndBrokenFilesToo() throws IOException {
        voc(
                "a",
                object("dog", "0", "5,5,2,2", "")
                        + object("dog", "0", "x,1,2,2", "")
                        + object("", "0", "1,1,2,2", "")
                        + object("dog", "0", "1,1,NaN,2", "")
                        + object("dog", "0", "1,1,80,2", ""));
        voc("b", "<object>");
        voc("c", "");
        Bytes.put(
                root.resolve("Annotations/c.xml"),
                "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><annotation>&x;</annotation>");
        Candidates found = read(null);
        assertThat(found.ids()).containsExactly("a");
        assertThat(found.rejected().keySet())
                .containsExactly("a object 1", "a object 2", "a object 3", "a object 4", "a object 5", "b", "c");
        assertThat(found.rejected().get("c")).contains("entities");
    }

    @Test
    void vocMapsAreIndicesAndVoidIsKeptApart() throws IOException {
        voc("a", object("dog", "0", "1,1,3,3", "") + object("cat", "0", "4,1,6,3", ""));
        int[][] classes = new int[6][8];
        int[][] objects = new int[6][8];
        classes[0][0] = 12;
        objects[0][0] = 1;
        classes[1][5] = 8;
        objects[1][5] = 2;
        classes[5][7] = 255;
        objects[5][7] = 255;
        Bytes.put(root.resolve("SegmentationClass/a.png"), IndexMaps.palette(classes));
        assertThat(read(null).example("a").masks())
                .extracting(Mask::label)
                .containsExactlyInAnyOrder("dog", "cat", "void");
        Bytes.put(root.resolve("SegmentationObject/a.png"), IndexMaps.palette(objects));
        assertThat(read(null).example("a").masks())
                .extracting(mask -> mask.label() + " " + mask.box() + " " + mask.area())
                .containsExactly("dog 0 1", "cat 1 1", "void null 1");
        assertThat(read(null).example("a").masks().get(1).runLengths().pixels().nextSetBit(0))
                .isEqualTo(5 * 6 + 1);
        Bytes.put(root.resolve("SegmentationClass/a.png"), IndexMaps.palette(new int[6][7]));
        assertThat(read(null).rejected().get("a")).contains("6 x 7 pixels");
        Bytes.put(root.resolve("SegmentationClass/a.png"), Bytes.png(8, 6));
        assertThat(read(null).rejected().get("a")).contains("holds colors");
    }

    @Test
    void vocSplitsFollowTheirLists() throws IOException {
        voc("a", "");
        voc("b", "");
        Bytes.put(root.resolve("ImageSets/Main/val.txt"), "b -1\nnone  1\n");
        Candidates found = read(Split.VALIDATION);
        assertThat(found.ids()).containsExactly("b");
        assertThat(found.rejected().get("none")).contains("no annotation file");
        assertThatIllegalArgumentException().isThrownBy(() -> read(Split.TEST)).withMessageContaining("no list");
        Bytes.put(root.resolve("ImageSets/Main/train.txt"), "../../x\n");
        assertThatIllegalArgumentException().isThrownBy(() -> read(Split.TRAIN)).withMessageContaining("refused");
    }

    @Test
    void adeClassesAreNamedAndZeroIsUnlabelled() throws IOException {
        Bytes.put(
                root.resolve("objectInfo150.txt"),
                "Idx\tRatio\tTrain\tVal\tStuff\tName\n1\t0.1\t2\t3\t1\twall\n2\t0.1\t2\t3\t1\tbuilding, edifice\n");
        Bytes.put(root.resolve("sceneCategories.txt"), "a living_room\n");
        for (String name : List.of("a", "b", "c")) {
            Bytes.put(root.resolve("images/validation/" + name + ".jpg"), Bytes.jpeg(3, 2));
        }
        Bytes.put(root.resolve("annotations/validation/a.png"), IndexMaps.grey(new int[][] {{0, 1, 2}, {2, 2, 0}}));
        Bytes.put(root.resolve("annotations/validation/b.png"), IndexMaps.grey(new int[][] {{0, 1, 3}, {2, 2, 0}}));
        Candidates found = Candidates.of(new SourceConfig.Ade20k(root, Split.VALIDATION, NAMING));
        Example a = found.example("a.jpg");
        assertThat(a.labels()).containsExactly("living room");
        assertThat(a.masks()).extracting(mask -> mask.label() + mask.area()).containsExactly("wall1", "building3");
        assertThat(found.rejected().get("b.jpg")).contains("class 3");
        assertThat(found.rejected().get("c.jpg")).contains("is missing");
        Bytes.put(root.resolve("objectInfo150.txt"), "1\twall\n1\tdoor\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Candidates.of(new SourceConfig.Ade20k(root, Split.VALIDATION, NAMING)))
                .withMessageContaining("each number once");
    }

    private Candidates read(@org.jspecify.annotations.Nullable Split split) {
        return Candidates.of(new SourceConfig.Voc(root, split, NAMING));
    }
}

package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Mask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CocoSourceTest {
    private static final Naming NAMING = new Naming("coco", "NOASSERTION", List.of());
    private static final String CATEGORIES =
            "\"categories\":[{\"id\":1,\"name\":\"cat\"},{\"id\":18,\"name\":\"dog\"}]";
    private static final String IMAGES =
            "\"images\":[{\"id\":7,\"file_name\":\"a.png\",\"width\":10,\"height\":8,\"license\":4},"
                    + "{\"id\":5,\"file_name\":\"b.png\",\"width\":10,\"height\":8}]";
    private static final String LICENSES =
            "\"licenses\":[{\"id\":4,\"name\":\"x\",\"url\":\"http://creativecommons.org/licenses/by-nc/2.0/\"}]";

    @TempDir
    Path folder;

    @BeforeEach
    void images() throws IOException {
        Bytes.put(folder.resolve("images/a.png"), Bytes.png(10, 8));
        Bytes.put(folder.resolve("images/b.png"), Bytes.png(10, 8));
    }

    private static String box(int id, int image, int category, String bbox, String more) {
        return "{\"id\":%d,\"image_id\":%d,\"category_id\":%d,\"bbox\":%s,\"area\":1%s}"
                .formatted(id, image, category, bbox, more);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void partsMayComeInAnyOrder(boolean annotationsFirst) throws IOException {
        String annotations = "\"annotations\":["
                + box(1, 7, 18, "[1,2,3.5,4]", ",\"iscrowd\":0,\"segmentation\":[[1,2,4,2,4,6,1,6]]") + ","
                + box(2, 5, 1, "[0,0,10,8]", "") + ","
                + box(3, 7, 1, "[0,0,2,2]", ",\"iscrowd\":1,\"segmentation\":{\"size\":[8,10],\"counts\":[0,2,78]}")
                + "]";
        List<String> parts = annotationsFirst
                ? List.of("\"info\":{\"a\":[1,{}]}", annotations, LICENSES, IMAGES, CATEGORIES)
                : List.of(CATEGORIES, IMAGES, LICENSES, annotations);
        Candidates found = coco(String.join(",", parts));
        assertThat(found.rejected()).isEmpty();
        assertThat(found.ids()).containsExactly("b.png", "a.png");
        Example a = found.example("a.png");
        assertThat(a.licence()).isEqualTo("CC-BY-NC-2.0");
        assertThat(a.boxes()).containsExactly(new Box(1, 2, 4.5, 6, "dog", false), new Box(0, 0, 2, 2, "cat", true));
        assertThat(a.masks()).extracting(Mask::label).containsExactly("dog", "cat");
        assertThat(a.masks()).extracting(Mask::box).containsExactly(0, 1);
        assertThat(a.masks()).extracting(Mask::area).containsExactly(12L, 2L);
        assertThat(found.example("b.png").licence()).isEqualTo("NOASSERTION");
    }

    @Test
    void annotationsThatCannotBeUsedAreRejectedAndTheirImagesKept() throws IOException {
        String annotations = "\"annotations\":["
                + String.join(
                        ",",
                        box(1, 7, 1, "[NaN,0,2,2]", ""),
                        box(2, 7, 1, "[0,0,Infinity,2]", ""),
                        box(3, 7, 1, "[1,1,0,2]", ""),
                        box(4, 7, 1, "[8,1,4,2]", ""),
                        box(5, 7, 99, "[1,1,4,2]", ""),
                        box(6, 7, 1, "[1,1,4]", ""),
                        box(7, 7, 1, "[1,1,1,1]", ",\"segmentation\":{\"size\":[8,10],\"counts\":[3,4]}"),
                        box(8, 7, 1, "[1,1,1,1]", ",\"segmentation\":{\"size\":[9,10],\"counts\":[90]}"),
                        box(9, 7, 1, "[1,1,1,1]", ",\"segmentation\":[[1,2,3,4]]"),
                        box(10, 7, 1, "[1,1,1,1]", ",\"segmentation\":{\"size\":[8,10],\"counts\":\"\u00e9\"}"),
                        box(11, 7, 1, "[9,7,1.4,1.2]", ""),
                        box(11, 5, 1, "[1,1,4,2]", ""),
                        box(12, 8, 1, "[1,1,4,2]", ""),
                        box(13, 7, 1, "[\"1\",1,4,2]", ""))
                + "]";
        Candidates found = coco(CATEGORIES + "," + annotations + "," + IMAGES);
        assertThat(found.example("a.png").boxes()).containsExactly(new Box(9, 7, 10, 8, "cat", false));
        assertThat(found.example("b.png").boxes()).isEmpty();
        Map<String, String> rejected = found.rejected();
        assertThat(rejected).hasSize(13);
        assertThat(rejected.get("a.png annotation 1")).contains("not finite");
        assertThat(rejected.get("a.png annotation 2")).contains("not finite");
        assertThat(rejected.get("a.png annotation 3")).contains("without area");
        assertThat(rejected.get("a.png annotation 4")).contains("outside of its image");
        assertThat(rejected.get("a.png annotation 5")).contains("category 99 is not in");
        assertThat(rejected.get("a.png annotation 6")).contains("four numbers");
        assertThat(rejected.get("a.png annotation 7")).contains("cover 7 of");
        assertThat(rejected.get("a.png annotation 8")).contains("a mask of [9,10]");
        assertThat(rejected.get("a.png annotation 9")).contains("three points");
        assertThat(rejected.get("a.png annotation 10")).contains("broken at character 0");
        assertThat(rejected.get("b.png annotation 11")).contains("id of an earlier annotation");
        assertThat(rejected.get("annotation 12")).contains("refers to image 8");
        assertThat(rejected.get("a.png annotation 13")).contains("a number is expected");
    }

    @Test
    void imagesThatCannotBeUsedAreRejected() throws IOException {
        Candidates found = coco(CATEGORIES + ",\"images\":[{\"id\":1,\"file_name\":\"none.png\"},"
                + "{\"id\":2,\"file_name\":\"a.png\",\"width\":8,\"height\":10},"
                + "{\"id\":3,\"file_name\":\"b.png\"},{\"id\":3,\"file_name\":\"a.png\"}]");
        assertThat(found.ids()).containsExactly("b.png");
        assertThat(found.rejected())
                .containsOnly(
                        entry("none.png", "is missing"),
                        entry("a.png", "has 10 x 8 pixels (width x height), but its annotations are for 8 x 10"),
                        entry("image 3", "has the id of an earlier image"));
    }

    static List<Arguments> brokenFiles() {
        return List.of(
                Arguments.of("[]", "must be one object"),
                Arguments.of("{\"images\":{}}", "images must be a list"),
                Arguments.of("{\"images\":[1]}", "list of objects"),
                Arguments.of("{\"images\":[{\"file_name\":\"a.png\"}]}", "needs an id"),
                Arguments.of("{\"annotations\":[{\"id\":1}]}", "needs an image_id"),
                Arguments.of("{\"images\":[{\"id\":1,\"id\":2}]}", "Duplicate"),
                Arguments.of("{\"images\":[", "is broken at byte"),
                Arguments.of("{\"images\":[]} x", "is broken at byte"),
                Arguments.of("", "must be one object"),
                Arguments.of(
                        "{\"categories\":[{\"id\":1,\"name\":\"a\"},{\"id\":2,\"name\":\"a\"}]}", "name of its own"),
                Arguments.of(
                        "{\"categories\":[{\"id\":1,\"name\":\"a\"},{\"id\":1,\"name\":\"b\"}]}", "name of its own"),
                Arguments.of("{\"images\":[{\"id\":1,\"file_name\":\"../x.png\"}]}", "refused"),
                Arguments.of("{\"info\":" + "[".repeat(5000), "is broken"));
    }

    @ParameterizedTest
    @MethodSource("brokenFiles")
    void brokenFilesAreRefused(String json, String message) throws IOException {
        Path file = Bytes.put(folder.resolve("c.json"), json);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Candidates.of(new SourceConfig.Coco(file, null, List.of(), folder.resolve("images"), NAMING)))
                .withMessageContaining(message)
                .withMessageContaining("c.json");
    }

    @Test
    void captionsStuffAndInstancesOfOneSplitAreJoined() throws IOException {
        Path root = folder.resolve("coco");
        Bytes.put(root.resolve("val2017/a.png"), Bytes.png(10, 8));
        Bytes.put(root.resolve("val2017/b.png"), Bytes.png(10, 8));
        Bytes.put(
                root.resolve("annotations/instances_val2017.json"),
                "{" + IMAGES + "," + CATEGORIES + ",\"annotations\":[" + box(1, 7, 1, "[1,1,4,2]", "") + "]}");
        Bytes.put(
                root.resolve("annotations/captions_val2017.json"),
                "{\"annotations\":[{\"id\":1,\"image_id\":7,\"caption\":\" A cat. \"},"
                        + "{\"id\":2,\"image_id\":7,\"caption\":\"Another one\"}]," + IMAGES + "}");
        Bytes.put(
                root.resolve("annotations/stuff_val2017.json"),
                "{" + IMAGES + ",\"categories\":[{\"id\":92,\"name\":\"sky\"}],\"annotations\":["
                        + box(1, 7, 92, "[0,0,10,2]", ",\"segmentation\":{\"size\":[8,10],\"counts\":[0,2,78]}")
                        + "]}");
        Bytes.put(root.resolve("annotations/instances_train2017.json"), "{}");
        Candidates found = Candidates.of(new SourceConfig.Coco(root, Split.VALIDATION, List.of(), null, NAMING));
        Example a = found.example("a.png");
        assertThat(a.captions()).extracting(Example.Caption::text).containsExactly("A cat.", "Another one");
        assertThat(a.boxes()).extracting(Box::label).containsExactly("cat");
        assertThat(a.masks()).singleElement().satisfies(mask -> {
            assertThat(mask.label()).isEqualTo("sky");
            assertThat(mask.box()).isNull();
        });
        assertThat(found.rejected()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Candidates.of(new SourceConfig.Coco(root, null, List.of(), null, NAMING)))
                .withMessageContaining("--split");
    }

    @Test
    void lvisSaysWhatIsAbsentAndWhatIsNotExhaustive() throws IOException {
        Bytes.put(folder.resolve("images/train2017/000.png"), Bytes.png(10, 8));
        Path file = Bytes.put(
                folder.resolve("lvis_v1_val.json"),
                "{" + CATEGORIES + ",\"images\":[{\"id\":1,\"coco_url\":\"http://x.org/train2017/000.png\","
                        + "\"neg_category_ids\":[1],\"not_exhaustive_category_ids\":[18]}],\"annotations\":["
                        + box(1, 1, 18, "[1,1,4,2]", "") + "]}");
        Example found = Candidates.of(new SourceConfig.Lvis(file, null, List.of(), folder.resolve("images"), NAMING))
                .example("train2017/000.png");
        assertThat(found.absentLabels()).containsExactly("cat");
        assertThat(found.boxes()).containsExactly(new Box(1, 1, 5, 3, "dog", false), new Box(0, 0, 10, 8, "dog", true));
    }

    @Test
    void thePublishersFoldersAreTriedWithoutTheirFirst() throws IOException {
        Bytes.put(folder.resolve("train/patch8/x.png"), Bytes.png(10, 8));
        Path file = Bytes.put(
                folder.resolve("zhiyuan_objv2_train.json"),
                "{\"images\":[{\"id\":1,\"file_name\":\"images/v1/patch8/x.png\"}]}");
        assertThat(Candidates.of(new SourceConfig.Objects365(file, null, List.of(), folder.resolve("train"), NAMING))
                        .ids())
                .containsExactly("images/v1/patch8/x.png");
    }

    @Test
    void recordsAreGroupedBeyondTheMemory() throws IOException {
        try (GroupedRecords records = new GroupedRecords(2000)) {
            for (int i = 0; i < 500; i++) {
                records.add("k%03d".formatted(i * 7 % 100), Bytes.text(Integer.toString(i)));
            }
            for (int key = 0; key < 100; key++) {
                GroupedRecords.Group group = Objects.requireNonNull(records.next());
                assertThat(group.key()).isEqualTo("k%03d".formatted(key));
                int wanted = key;
                assertThat(group.values())
                        .extracting(String::new)
                        .hasSize(5)
                        .isSortedAccordingTo((a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b)))
                        .allSatisfy(value ->
                                assertThat(Integer.parseInt(value) * 7 % 100).isEqualTo(wanted));
            }
            assertThat(records.next()).isNull();
        }
    }

    private Candidates coco(String content) throws IOException {
        Path file = Bytes.put(folder.resolve("c.json"), "{" + content + "}");
        return Candidates.of(new SourceConfig.Coco(file, null, List.of(), folder.resolve("images"), NAMING));
    }
}

package org.generalvision.data.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLabelsTest {
    /** The shape that the data set's own page shows, with an example for each form that a value may have. */
    private static final String PUBLISHED = """
            {"father2child": {"n1": ["n2", "n3"], "n2": ["n4"], "n3": ["n4"]},
             "child2father": {"n2": ["n1"], "n3": ["n1"], "n4": ["n2", "n3"]},
             "id2name": {"n1": "animal", "n2": "canine", "n3": "domestic animal", "n4": ["dog", "domestic dog"]},
             "id2name_zh": {"n4": "\u72d7"},
             "id2desc": {"n4": "a member of the genus Canis"},
             "id2desc_zh": {"n4": "\u72ac\u79d1"},
             "id2state": {"n4": {"academic": ["coco", "cifar10"]}, "n1": ["visual"], "n2": ["non-visual"]}}
            """;

    private static final int FULL_SIZE = 304_048;
    private static final int FULL_VISUAL = 119_000;

    private final JsonMapper json = new JsonMapper();

    @TempDir
    Path folder;

    @Test
    void thePublishedFormIsReadAndWrittenBack() throws IOException {
        Imported imported = JsonLabels.read(file(PUBLISHED));
        LabelSystem labels = imported.labels();
        assertThat(imported.remarks()).isEmpty();
        int dog = labels.find("n4").orElseThrow();
        assertThat(Arrays.stream(labels.parents(dog)).mapToObj(labels::name))
                .containsExactly("canine", "domestic animal");
        assertThat(labels.senses("\u72d7")).containsExactly(dog);
        assertThat(labels.concept(dog).state()).isEqualTo("{\"academic\":[\"coco\",\"cifar10\"]}");
        assertThat(written(labels)).isEqualTo(json.readTree(PUBLISHED));
    }

    @Test
    void kindsComeFromTheStates() throws IOException {
        LabelSystem labels = JsonLabels.read(file(PUBLISHED)).labels();
        assertThat(labels.kind(labels.find("n1").orElseThrow())).isEqualTo(Kind.OBJECT);
        assertThat(labels.kind(labels.find("n2").orElseThrow())).isEqualTo(Kind.NON_VISUAL);
        assertThat(labels.kind(labels.find("n3").orElseThrow())).isEqualTo(Kind.NON_VISUAL);
        assertThat(labels.kind(labels.find("n4").orElseThrow())).isEqualTo(Kind.OBJECT);
        LabelSystem unmarked =
                JsonLabels.read(file("{\"id2name\": {\"a\": \"x\"}}")).labels();
        assertThat(unmarked.kind(0)).isEqualTo(Kind.OBJECT);
    }

    @Test
    void otherLabelSystemsKeepTheirKinds() throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        LabelSystem labels = Labels.random(random, 50);
        Path file = folder.resolve("random.json");
        JsonExport.write(labels, file);
        LabelSystem read = JsonLabels.read(file).labels();
        for (int i = 0; i < labels.size(); i++) {
            int same = read.find(labels.id(i)).orElseThrow();
            assertThat(read.kind(same)).isEqualTo(labels.kind(i));
            assertThat(read.concept(same).parents()).isEqualTo(labels.concept(i).parents());
            assertThat(read.concept(same).names())
                    .extracting(Concept.Name::text)
                    .isEqualTo(labels.concept(i).names().stream()
                            .map(Concept.Name::text)
                            .toList());
            assertThat(read.concept(same).descriptions())
                    .isEqualTo(labels.concept(i).descriptions());
        }
    }

    @Test
    void oneDirectionIsEnough() throws IOException {
        String up = "{\"id2name\": {\"a\": \"x\", \"b\": \"y\"}, \"child2father\": {\"b\": [\"a\"]}}";
        String down = "{\"id2name\": {\"a\": \"x\", \"b\": \"y\"}, \"father2child\": {\"a\": [\"b\"]}}";
        for (String text : new String[] {up, down}) {
            LabelSystem labels = JsonLabels.read(file(text)).labels();
            assertThat(labels.children(0)).containsExactly(1);
            assertThat(labels.parents(1)).containsExactly(0);
        }
    }

    @Test
    void theEnglishNameIsPreferredWhateverTheOrderOfTheKeys() throws IOException {
        LabelSystem labels = JsonLabels.read(
                        file("{\"id2name_zh\": {\"a\": \"\u72d7\"}, \"id2name\": {\"a\": \"dog\"}, \"more\": [1, {}]}"))
                .labels();
        assertThat(labels.name(0)).isEqualTo("dog");
    }

    @Test
    void keysThatAreNotOfTheFormAreRemarked() throws IOException {
        assertThat(JsonLabels.read(file("{\"id2name\": {\"a\": \"x\"}, \"more\": [1, {}]}"))
                        .remarks())
                .singleElement()
                .asString()
                .contains("'more'");
    }

    @Test
    void wrongFilesAreRefused() throws IOException {
        refused("{\"id2name\": {\"a\": \"x\", \"a\": \"y\"}}", "Duplicate", "'a'");
        refused("{\"id2name\": {\"a\": \"x\"}, \"id2name\": {}}", "Duplicate", "'id2name'");
        refused("{\"id2desc\": {\"a\": \"x\"}}", "id2name is missing");
        refused("{\"id2name\": {\"a\": \"x\"}, \"id2desc\": {\"b\": \"y\"}}", "gives it no name");
        refused("{\"id2name\": {\"a\": \"x\"}, \"child2father\": {\"a\": [\"z\"]}}", "z of a");
        refused("{\"id2name\": {\"a\": \"x\"}, \"father2child\": {\"a\": [\"z\"]}}", "names z");
        refused("{\"id2name\": {\"a\": 3}}", "id2name.a");
        refused("{\"id2name\": [\"a\"]}", "an object under id2name");
        refused("[]", "an object");
        refused("", "an object");
        refused("{\"id2name\": {\"a\": \"x\"}} {}", "follows");
        refused("{\"id2name\": {\"a\": \"x\"}", "line 1");
        refused("{\"id2name\": {\"a\": \"" + "x".repeat(100_000) + "\"}}", "65536");
        refused("{\"id2name\": {\"a\": \"x\"}, \"id2state\": {\"a\": " + "[".repeat(50), "depth");
        refused(
                "{\"id2name\": {\"a\": \"x\", \"b\": \"y\"}, \"father2child\": {\"a\": [\"b\"]}, \"child2father\": {}}",
                "father2child says a -> b");
        refused(
                "{\"id2name\": {\"a\": \"x\", \"b\": \"y\"}, \"child2father\": {\"a\": [\"b\"], \"b\": [\"a\"]}}",
                "a -> b -> a");
    }

    @Test
    void mutatedFilesAreReadOrRefused() throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(9);
        for (int i = 0; i < 1000; i++) {
            Path file = Files.write(folder.resolve("mutated.json"), Mutations.of(PUBLISHED, random));
            Mutations.readOrRefuse(() -> JsonLabels.read(file), i);
        }
    }

    @Test
    void theFullSizeIsReadStoredAndWrittenBack() throws IOException {
        Path published = folder.resolve("full.json");
        writeFullSize(published);
        LabelSystem labels = JsonLabels.read(published).labels();
        assertThat(labels.size()).isEqualTo(FULL_SIZE);
        LabelDirectory.create(folder.resolve("labels"), labels, Morphology.REGULAR, "full");
        LabelSystem loaded = LabelDirectory.open(folder.resolve("labels")).load();
        assertThat(loaded.size()).isEqualTo(FULL_SIZE);
        assertThat(loaded.kinds()).containsEntry("object", FULL_VISUAL);
        assertThat(loaded.senses("concept 304047")).containsExactly(FULL_SIZE - 1);
        assertThat(loaded.senses("\u6982\u5ff5 17")).containsExactly(17);
        Path again = folder.resolve("again.json");
        JsonExport.write(loaded, again);
        assertThat(again).hasSameBinaryContentAs(published);
    }

    /** A binary tree, with words of the length that such files have. */
    private static void writeFullSize(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                JsonGenerator json = new JsonMapper().createGenerator(out, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeObjectFieldStart("father2child");
            for (int i = 0; 2 * i + 1 < FULL_SIZE; i++) {
                json.writeArrayFieldStart(id(i));
                for (int child = 2 * i + 1; child < Math.min(2 * i + 3, FULL_SIZE); child++) {
                    json.writeString(id(child));
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeObjectFieldStart("child2father");
            for (int i = 1; i < FULL_SIZE; i++) {
                json.writeArrayFieldStart(id(i));
                json.writeString(id((i - 1) / 2));
                json.writeEndArray();
            }
            json.writeEndObject();
            write(json, "id2name", "concept ");
            write(json, "id2name_zh", "\u6982\u5ff5 ");
            write(json, "id2desc", "what somebody wrote in a sentence or two about the concept with the number ");
            write(json, "id2desc_zh", "\u6709\u4eba\u7528\u4e00\u4e24\u53e5\u8bdd\u63cf\u8ff0\u7684\u6982\u5ff5 ");
            json.writeObjectFieldStart("id2state");
            for (int i = 0; i < FULL_VISUAL; i++) {
                json.writeArrayFieldStart(id(i));
                json.writeString("visual");
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private static void write(JsonGenerator json, String key, String text) throws IOException {
        json.writeObjectFieldStart(key);
        for (int i = 0; i < FULL_SIZE; i++) {
            json.writeStringField(id(i), text + i);
        }
        json.writeEndObject();
    }

    private static String id(int number) {
        return "n%08d".formatted(number);
    }

    private JsonNode written(LabelSystem labels) throws IOException {
        Path file = folder.resolve("written.json");
        JsonExport.write(labels, file);
        return json.readTree(file.toFile());
    }

    private void refused(String text, String... messages) throws IOException {
        Path file = file(text);
        assertThatIllegalArgumentException()
                .as(text.substring(0, Math.min(100, text.length())))
                .isThrownBy(() -> JsonLabels.read(file))
                .withMessageContainingAll(messages);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("labels.json"), text);
    }
}

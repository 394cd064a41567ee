package org.generalvision.data.label;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Writes the form that {@link JsonLabels} reads. Order of senses and counts are not part of it. A concept with one name in a
 * language has it as a text, one with several as an array.
 */
public final class JsonExport {
    private final LabelSystem labels;
    private final JsonGenerator json;

    private JsonExport(LabelSystem labels, JsonGenerator json) {
        this.labels = labels;
        this.json = json;
    }

    /** Writes a file whole or not at all. */
    public static void write(LabelSystem labels, Path file) {
        LabelDirectory.replace(file, bytes(labels));
    }

    private static byte[] bytes(LabelSystem labels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = bytes;
                JsonGenerator json = new JsonMapper().createGenerator(out, JsonEncoding.UTF8)) {
            new JsonExport(labels, json).write();
        } catch (IOException e) {
            throw new IllegalStateException("Memory does not fail to be written", e);
        }
        return bytes.toByteArray();
    }

    private void write() throws IOException {
        json.writeStartObject();
        object(
                "father2child",
                concept -> labels.children(concept).length > 0,
                concept -> ids(labels.children(concept)));
        object("child2father", concept -> labels.parents(concept).length > 0, concept -> ids(labels.parents(concept)));
        for (String language : labels.languages()) {
            object(
                    "id2name" + suffix(language),
                    concept -> !names(concept, language).isEmpty(),
                    concept -> names(names(concept, language)));
        }
        for (String language : labels.languages()) {
            object(
                    "id2desc" + suffix(language),
                    concept -> !descriptions(concept, language).isEmpty(),
                    concept -> json.writeString(descriptions(concept, language).get(0)));
        }
        object(
                "id2state",
                concept -> !state(concept).isEmpty(),
                concept -> json.writeTree(PublishedState.json(state(concept))));
        Kind[] told = PublishedState.kinds(
                IntStream.range(0, labels.size()).mapToObj(this::state).toList());
        if (IntStream.range(0, labels.size()).anyMatch(concept -> told[concept] != labels.kind(concept))) {
            object(
                    "id2kind",
                    concept -> true,
                    concept -> json.writeString(labels.kind(concept).text()));
        }
        json.writeEndObject();
    }

    private interface Value {
        void write(int concept) throws IOException;
    }

    private void object(String key, IntPredicate has, Value value) throws IOException {
        json.writeObjectFieldStart(key);
        for (int concept = 0; concept < labels.size(); concept++) {
            if (has.test(concept)) {
                json.writeFieldName(labels.id(concept));
                value.write(concept);
            }
        }
        json.writeEndObject();
    }

    private void ids(int[] concepts) throws IOException {
        json.writeStartArray();
        for (String id : Arrays.stream(concepts).mapToObj(labels::id).toList()) {
            json.writeString(id);
        }
        json.writeEndArray();
    }

    private void names(List<String> names) throws IOException {
        if (names.size() == 1) {
            json.writeString(names.get(0));
            return;
        }
        json.writeStartArray();
        for (String name : names) {
            json.writeString(name);
        }
        json.writeEndArray();
    }

    private static String suffix(String language) {
        return language.equals(JsonLabels.ENGLISH) ? "" : "_" + language;
    }

    private List<String> names(int concept, String language) {
        return labels.columns().names().of(concept, labels.languages().indexOf(language));
    }

    private List<String> descriptions(int concept, String language) {
        return labels.columns().descriptions().of(concept, labels.languages().indexOf(language));
    }

    private String state(int concept) {
        return labels.columns().states().get(concept);
    }
}

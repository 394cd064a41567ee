package org.generalvision.data.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One annotation file in COCO's format (cocodataset.org, "Data format"), read as a stream: its parts may come in any order,
 * and images and annotations are handed on one by one. NaN, which Python writes and JSON does not know, is let through, so
 * that the one annotation that has it can be rejected.
 */
final class CocoFile {
    private static final int MAX_ELEMENT_BYTES = 16 << 20;
    private static final int MAX_NAMES = 1 << 20;

    private static final Set<String> KEPT = Set.of(
            "id",
            "image_id",
            "category_id",
            "bbox",
            "segmentation",
            "iscrowd",
            "caption",
            "file_name",
            "coco_url",
            "width",
            "height",
            "license",
            "neg_category_ids",
            "not_exhaustive_category_ids",
            "name",
            "url",
            "isthing");

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();

    private static final ObjectReader TREE = new JsonMapper(JSON).readerFor(JsonNode.class);

    private final Path file;
    private final Map<String, String> categories = new HashMap<>();
    private final Set<String> stuff = new HashSet<>();
    private final Map<String, String> licences = new HashMap<>();

    CocoFile(Path file) {
        this.file = file;
    }

    /** Takes what the file holds. */
    interface Receiver {
        /**
         * An image.
         *
         * @param id its id
         * @param json the fields of it that are of use
         */
        void image(String id, byte[] json) throws IOException;

        /** An annotation. */
        void annotation(String id, String imageId, byte[] json) throws IOException;
    }

    Path file() {
        return file;
    }

    /** The name of a category, or null if there is none with this id. */
    @Nullable
    String category(String id) {
        return categories.get(id);
    }

    /** Whether a category is a region without instances. */
    boolean isStuff(String id) {
        return stuff.contains(id);
    }

    /** The licence of an id, or null. */
    @Nullable
    String licence(String id) {
        return licences.get(id);
    }

    /**
     * Reads the whole file.
     *
     * @throws IllegalArgumentException if it is not JSON of this structure
     */
    void read(Receiver receiver) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("No file " + file);
        }
        try (InputStream input = Files.newInputStream(file);
                JsonParser parser = JSON.createParser(input)) {
            require(parser.nextToken() == JsonToken.START_OBJECT, "must be one object", parser);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                part(parser.currentName(), parser, receiver);
            }
            require(parser.nextToken() == null, "must end after its object", parser);
        } catch (JsonProcessingException e) {
            // Where a limit is exceeded, the location is missing.
            String place =
                    e.getLocation() == null ? "" : " at byte " + e.getLocation().getByteOffset();
            throw new IllegalArgumentException("%s is broken%s: %s".formatted(file, place, e.getOriginalMessage()), e);
        } catch (CharConversionException e) {
            throw new IllegalArgumentException(file + " is not in UTF-8: " + e.getMessage(), e);
        }
    }

    private void part(String name, JsonParser parser, Receiver receiver) throws IOException {
        JsonToken start = parser.nextToken();
        if (!Set.of("images", "annotations", "categories", "licenses").contains(name)) {
            parser.skipChildren();
            return;
        }
        require(start == JsonToken.START_ARRAY, name + " must be a list", parser);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(parser.currentToken() == JsonToken.START_OBJECT, name + " must be a list of objects", parser);
            Element element = element(parser);
            switch (name) {
                case "images" -> receiver.image(require(element.id, "an image needs an id", parser), element.json);
                case "annotations" ->
                    receiver.annotation(
                            require(element.id, "an annotation needs an id", parser),
                            require(element.imageId, "an annotation needs an image_id", parser),
                            element.json);
                case "categories" ->
                    category(require(element.id, "a category needs an id", parser), tree(element.json));
                default -> licence(require(element.id, "a license needs an id", parser), tree(element.json));
            }
        }
    }

    /** An element in the making. */
    private static final class Element {
        private @Nullable String id;
        private @Nullable String imageId;
        private byte[] json = new byte[0];
    }

    private Element element(JsonParser parser) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        Element element = new Element();
        try (JsonGenerator copy = JSON.createGenerator(bytes)) {
            copy.writeStartObject();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (!KEPT.contains(field)) {
                    parser.skipChildren();
                    continue;
                }
                if (value.isScalarValue() && field.equals("id")) {
                    element.id = key(parser.getText());
                } else if (value.isScalarValue() && field.equals("image_id")) {
                    element.imageId = key(parser.getText());
                }
                copy.writeFieldName(field);
                copyValue(parser, copy, bytes);
            }
            copy.writeEndObject();
        }
        element.json = bytes.toByteArray();
        return element;
    }

    private void copyValue(JsonParser parser, JsonGenerator copy, ByteArrayOutputStream bytes) throws IOException {
        int depth = 0;
        do {
            JsonToken token = parser.currentToken();
            require(token != null, "must not end within an object", parser);
            copy.copyCurrentEvent(parser);
            depth += parser.currentToken().isStructStart()
                    ? 1
                    : parser.currentToken().isStructEnd() ? -1 : 0;
            require(
                    bytes.size() <= MAX_ELEMENT_BYTES,
                    "an element takes more than " + MAX_ELEMENT_BYTES + " bytes",
                    parser);
            if (depth > 0) {
                parser.nextToken();
            }
        } while (depth > 0);
    }

    private void category(String id, JsonNode category) {
        String name = category.path("name").asText().strip();
        boolean fresh = categories.size() < MAX_NAMES && !name.isEmpty() && !categories.containsValue(name);
        if (!fresh || categories.put(id, name) != null) {
            throw new IllegalArgumentException(
                    "Category %s of %s ('%s') must have an id and a name of its own".formatted(id, file, name));
        }
        boolean thing = category.path("isthing").asInt(1) != 0;
        if (!thing || file.getFileName().toString().startsWith("stuff")) {
            stuff.add(id);
        }
    }

    private void licence(String id, JsonNode licence) {
        String name = licence.path("name").asText().strip();
        String stated = Licences.spdx(licence.path("url").asText(), name);
        if (licences.size() < MAX_NAMES && !stated.isEmpty()) {
            licences.put(id, stated);
        }
    }

    /** Reads back what a {@link Receiver} was given. */
    static JsonNode tree(byte[] json) throws IOException {
        return TREE.readTree(json);
    }

    /** An id as a key; whole numbers so that they sort by value. */
    static String key(String id) {
        return id.matches("[0-9]{1,18}") ? "%018d".formatted(Long.parseLong(id)) : id;
    }

    private void require(boolean holds, String rule, JsonParser parser) {
        if (!holds) {
            throw new IllegalArgumentException("%s is no annotation file, at byte %d: %s"
                    .formatted(file, parser.currentTokenLocation().getByteOffset(), rule));
        }
    }

    private <T> T require(@Nullable T value, String rule, JsonParser parser) {
        require(value != null, rule, parser);
        return java.util.Objects.requireNonNull(value);
    }
}

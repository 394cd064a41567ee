package org.generalvision.data.label;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * What a directory of labels holds.
 *
 * @param schemaVersion version of the files, {@value #SCHEMA_VERSION} now
 * @param source where the concepts come from
 * @param concepts number of concepts
 * @param names number of their names
 * @param languages languages of the names and descriptions
 * @param files what the import wrote, with checksums; the mapping grows beside them
 */
public record LabelManifest(
        int schemaVersion, String source, int concepts, int names, List<String> languages, List<Entry> files) {
    static final int SCHEMA_VERSION = 1;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    public LabelManifest {
        if (schemaVersion != SCHEMA_VERSION) {
            throw new IllegalArgumentException(
                    "schemaVersion is %d but must be %d".formatted(schemaVersion, SCHEMA_VERSION));
        }
        languages = List.copyOf(languages);
        files = List.copyOf(files);
    }

    /**
     * One file.
     *
     * @param file plain file name
     * @param bytes its size
     * @param sha256 checksum of its bytes in lower-case hexadecimal
     */
    public record Entry(String file, long bytes, String sha256) {
        public Entry {
            Objects.requireNonNull(file);
            Objects.requireNonNull(sha256);
        }
    }

    Entry file(String name) {
        return files.stream()
                .filter(entry -> entry.file().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("the manifest names no " + name));
    }

    static LabelManifest parse(byte[] json, String name) {
        try {
            return JSON.readValue(json, LabelManifest.class);
        } catch (IOException e) {
            String reason = e instanceof JsonProcessingException j ? j.getOriginalMessage() : e.getMessage();
            throw new IllegalArgumentException(
                    "%s is not a manifest of labels: %s; import the labels again".formatted(name, reason), e);
        }
    }

    String text() {
        try {
            return JSON.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write a manifest as JSON", e);
        }
    }
}

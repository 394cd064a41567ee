package org.generalvision.data.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Caption;
import org.jspecify.annotations.Nullable;

/** The entries of one sample of an archive, by extension. */
final class TarSample {
    private static final Set<String> TEXTS = Set.of("txt", "json", "cls");
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .readerFor(JsonNode.class);

    private final String key;
    private final Map<String, byte[]> entries = new TreeMap<>();
    private @Nullable String fault;

    TarSample(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    /** Whether the content of an entry is of interest; any case. */
    static boolean isRead(String extension) {
        String lower = extension.toLowerCase(Locale.ROOT);
        return TEXTS.contains(lower) || EncodedImage.isExtension(lower);
    }

    static boolean isImage(String extension) {
        return EncodedImage.isExtension(extension.toLowerCase(Locale.ROOT));
    }

    /**
     * Adds an entry.
     *
     * @param bytes null if it is larger than the limit
     */
    void add(String extension, byte @Nullable [] bytes, int limit) {
        String lower = extension.toLowerCase(Locale.ROOT);
        if (bytes == null) {
            fault = "its %s is larger than %d bytes".formatted(lower, limit);
        } else if (entries.put(lower, bytes) != null) {
            fault = "has two entries " + lower;
        }
    }

    /**
     * The sample as an example.
     *
     * @throws IllegalArgumentException if it has no image or more than one, or an entry cannot be used
     */
    Example example(String id, Naming naming) {
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
        List<byte[]> images = entries.entrySet().stream()
                .filter(entry -> isImage(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        if (images.size() != 1) {
            throw new IllegalArgumentException("must have one jpg, jpeg, png or webp, not " + images.size());
        }
        EncodedImage image = EncodedImage.of(images.get(0));
        JsonNode json = json();
        String language = Languages.tag(text(json, "language"));
        String licence = text(json, "license", "licence");
        Naming named = licence.isEmpty() ? naming : naming.withLicence(licence);
        return named.example(id, image.bytes())
                .captions(captions(json).stream()
                        .map(caption -> new Caption(caption, language))
                        .toList())
                .labels(labels(json, naming))
                .build();
    }

    private JsonNode json() {
        byte[] bytes = entries.get("json");
        if (bytes == null) {
            return MissingNode.getInstance();
        }
        try {
            JsonNode tree = JSON.readTree(Utf8Lines.decode(bytes));
            if (!tree.isObject()) {
                throw new IllegalArgumentException("its json is no object");
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("its json is broken: " + e.getOriginalMessage(), e);
        }
    }

    /** Those of the txt, which is the main one, then those of the json that are others. */
    private List<String> captions(JsonNode json) {
        List<String> captions = new ArrayList<>();
        captions.add(entry("txt"));
        captions.add(text(json, "caption", "text"));
        json.path("captions").forEach(caption -> captions.add(caption.asText().strip()));
        return captions.stream()
                .filter(caption -> !caption.isEmpty())
                .distinct()
                .toList();
    }

    private List<String> labels(JsonNode json, Naming naming) {
        String stated = entry("cls");
        if (stated.isEmpty()) {
            stated = text(json, "class_name", "label", "cls");
        }
        return stated.isEmpty() ? List.of() : List.of(naming.className(stated));
    }

    private String entry(String extension) {
        byte[] bytes = entries.get(extension);
        return bytes == null ? "" : Utf8Lines.decode(bytes).strip();
    }

    private static String text(JsonNode json, String... names) {
        for (String name : names) {
            JsonNode value = json.path(name);
            if (value.isValueNode() && !value.isNull()) {
                return value.asText().strip();
            }
        }
        return "";
    }
}

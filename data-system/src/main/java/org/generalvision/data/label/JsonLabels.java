package org.generalvision.data.label;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The published form of Bamboo's label system (Zhang et al., arXiv:2203.07845): one JSON object with {@code father2child},
 * {@code child2father}, {@code id2name}, {@code id2desc} and {@code id2state}, and {@code id2name_zh} and {@code id2desc_zh} with
 * the words of another language. A name may be a text, or an array of the name and its synonyms. The key {@code id2kind} is our
 * addition, for kinds that {@code id2state} does not tell. Other keys are passed over, with a remark.
 */
public final class JsonLabels {
    static final String ENGLISH = "en";
    private static final int MAX_DEPTH = 32;

    private final JsonParser parser;
    private final JsonMapper mapper;
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private final Set<String> keys = new LinkedHashSet<>();
    private final List<String> remarks = new ArrayList<>();

    private JsonLabels(JsonParser parser, JsonMapper mapper) {
        this.parser = parser;
        this.mapper = mapper;
    }

    /** What has been read of a concept so far. */
    private static final class Draft {
        private final Set<String> fathers = new LinkedHashSet<>(2);
        private final Set<String> children = new LinkedHashSet<>(2);
        private final List<Concept.Name> names = new ArrayList<>(2);
        private final List<Concept.Description> descriptions = new ArrayList<>(2);
        private String state = "";
        private @Nullable Kind kind;
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is not of this form, has a key twice, or its two directions disagree
     */
    public static Imported read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("There is no file " + file);
        }
        JsonMapper mapper = new JsonMapper(JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(Concept.MAX_TEXT)
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .build());
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                JsonParser parser = mapper.createParser(in)) {
            JsonLabels reading = new JsonLabels(parser, mapper);
            reading.readKeys();
            return new Imported(reading.labels(), Morphology.REGULAR, reading.remarks);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "%s, line %d is not the published form of a label system: %s"
                            .formatted(
                                    file,
                                    e.getLocation() == null
                                            ? 1
                                            : e.getLocation().getLineNr(),
                                    e.getOriginalMessage()),
                    e);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private void readKeys() throws IOException {
        expect(parser.nextToken(), JsonToken.START_OBJECT, "an object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            keys.add(key);
            readKey(key);
        }
        if (parser.nextToken() != null) {
            throw new IllegalArgumentException("text follows the end of the object");
        }
    }

    private void readKey(String key) throws IOException {
        switch (key) {
            case "father2child" -> each(key, (id, draft) -> draft.children.addAll(texts(key, id)));
            case "child2father" -> each(key, (id, draft) -> draft.fathers.addAll(texts(key, id)));
            case "id2state" ->
                each(key, (id, draft) -> draft.state = mapper.readTree(parser).toString());
            case "id2kind" -> each(key, (id, draft) -> draft.kind = Kind.of(parser.getText()));
            default -> {
                if (key.startsWith("id2name")) {
                    String language = language(key, "id2name");
                    each(key, (id, draft) -> addNames(draft, texts(key, id), language));
                } else if (key.startsWith("id2desc")) {
                    String language = language(key, "id2desc");
                    each(key, (id, draft) -> addDescription(draft, texts(key, id), language));
                } else {
                    remarks.add("key '%s' is not of the published form and was passed over".formatted(key));
                    parser.skipChildren();
                }
            }
        }
    }

    private static String language(String key, String prefix) {
        if (key.equals(prefix)) {
            return ENGLISH;
        }
        if (key.charAt(prefix.length()) != '_') {
            throw new IllegalArgumentException(
                    "key '%s' should be %s or %s_ and a language".formatted(key, prefix, prefix));
        }
        return key.substring(prefix.length() + 1);
    }

    private static void addNames(Draft draft, List<String> texts, String language) {
        texts.stream()
                .filter(text -> !text.isBlank())
                .forEach(text -> draft.names.add(new Concept.Name(text, language)));
    }

    private static void addDescription(Draft draft, List<String> texts, String language) {
        String text = String.join("; ", texts);
        if (!text.isBlank()) {
            draft.descriptions.add(new Concept.Description(text, language));
        }
    }

    private interface Entry {
        void read(String id, Draft draft) throws IOException;
    }

    private void each(String key, Entry entry) throws IOException {
        expect(parser.currentToken(), JsonToken.START_OBJECT, "an object under " + key);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String id = parser.currentName();
            parser.nextToken();
            entry.read(id, drafts.computeIfAbsent(id, missing -> new Draft()));
        }
    }

    /** A text, or an array of texts, or null for none. */
    private List<String> texts(String key, String id) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return List.of(parser.getText());
        }
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return List.of();
        }
        String where = "a text or an array of texts under %s.%s".formatted(key, id);
        expect(parser.currentToken(), JsonToken.START_ARRAY, where);
        List<String> texts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.VALUE_STRING, where);
            texts.add(parser.getText());
        }
        return texts;
    }

    private void expect(@Nullable JsonToken token, JsonToken wanted, String what) {
        if (token != wanted) {
            throw new IllegalArgumentException("line %d must hold %s, not %s"
                    .formatted(parser.currentTokenLocation().getLineNr(), what, token == null ? "nothing" : token));
        }
    }

    private LabelSystem labels() {
        if (!keys.contains("id2name")) {
            throw new IllegalArgumentException("key id2name is missing: not the published form of a label system");
        }
        checkDirections();
        Kind[] told = PublishedState.kinds(
                drafts.values().stream().map(draft -> draft.state).toList());
        List<Concept> concepts = new ArrayList<>(drafts.size());
        drafts.forEach((id, draft) -> {
            if (draft.names.isEmpty()) {
                throw new IllegalArgumentException("concept %s is used but id2name gives it no name".formatted(id));
            }
            // The preferred name is the English one, whatever the order of the keys.
            draft.names.sort(Comparator.comparing(name -> !name.language().equals(ENGLISH)));
            Kind kind = draft.kind == null ? told[concepts.size()] : draft.kind;
            concepts.add(
                    new Concept(id, kind, List.copyOf(draft.fathers), draft.names, draft.descriptions, draft.state));
        });
        return LabelSystem.of(concepts);
    }

    /** If both directions are given they must agree; if one is, it gives the other. */
    private void checkDirections() {
        boolean both = keys.contains("father2child") && keys.contains("child2father");
        drafts.forEach((id, draft) -> {
            for (String child : draft.children) {
                Draft below = drafts.get(child);
                if (below == null) {
                    throw new IllegalArgumentException(
                            "father2child.%s names %s, which has no name".formatted(id, child));
                }
                if (!both) {
                    below.fathers.add(id);
                } else if (!below.fathers.contains(id)) {
                    throw new IllegalArgumentException(
                            "father2child says %s -> %s, which child2father does not".formatted(id, child));
                }
            }
        });
        if (both) {
            drafts.forEach((id, draft) -> {
                for (String father : draft.fathers) {
                    Draft above = drafts.get(father);
                    if (above != null && !above.children.contains(id)) {
                        throw new IllegalArgumentException(
                                "child2father says %s -> %s, which father2child does not".formatted(id, father));
                    }
                }
            });
        }
    }
}

package org.generalvision.data.label;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the published form says about where a concept stands: the public data sets that hold it under {@code academic}, and whether
 * it is {@code visual} or {@code non-visual}. The value is kept as it is, whatever its shape; its words are read.
 */
final class PublishedState {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> NON_VISUAL = Set.of("non-visual", "non_visual", "nonvisual");

    private PublishedState() {}

    /** A state as JSON, or an empty array for none; a state that is no JSON becomes a text. */
    static JsonNode json(String state) {
        if (state.isEmpty()) {
            return JSON.createArrayNode();
        }
        try {
            return JSON.readTree(state);
        } catch (JsonProcessingException e) {
            return JSON.getNodeFactory().textNode(state);
        }
    }

    /**
     * The kinds that states tell: a concept that is marked as not visual is not; one that is marked as visual, or is held by a
     * public set, is an object; one without any mark is not visual if others are marked as visual, and an object if none is.
     */
    static Kind[] kinds(List<String> states) {
        List<Set<String>> words = states.stream().map(PublishedState::words).toList();
        boolean marked = words.stream().anyMatch(found -> found.contains("visual"));
        return words.stream().map(found -> kind(found, marked)).toArray(Kind[]::new);
    }

    private static Kind kind(Set<String> words, boolean marked) {
        if (words.stream().anyMatch(NON_VISUAL::contains)) {
            return Kind.NON_VISUAL;
        }
        boolean visual = words.contains("visual") || words.contains("academic");
        return visual || !marked ? Kind.OBJECT : Kind.NON_VISUAL;
    }

    /** Keys and texts of a state, in lower case. */
    private static Set<String> words(String state) {
        Set<String> words = new HashSet<>();
        if (!state.isEmpty()) {
            addWords(json(state), words);
        }
        return words;
    }

    private static void addWords(JsonNode node, Set<String> words) {
        if (node.isTextual()) {
            Arrays.stream(node.asText().toLowerCase(Locale.ROOT).split("[,;]", -1))
                    .map(String::strip)
                    .forEach(words::add);
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!node.get(name).isBoolean() || node.get(name).asBoolean()) {
                words.add(name.toLowerCase(Locale.ROOT));
            }
        }
        node.forEach(child -> addWords(child, words));
    }
}

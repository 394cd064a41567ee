package org.generalvision.recipe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A YAML document before typing. Every node knows the place that it was written at, for messages. */
sealed interface Tree {
    /** Where this node was written, such as {@code mine.yaml line 12}. */
    String place();

    /** What this node is, for messages. */
    String describe();

    /**
     * A single value as it was written.
     *
     * @param quoted whether it stood in quotes (or in a block), so that it can be nothing but text
     */
    record Scalar(String text, boolean quoted, String place) implements Tree {
        private static final List<String> NULLS = List.of("", "~", "null", "Null", "NULL");

        boolean isNull() {
            return !quoted && NULLS.contains(text);
        }

        @Override
        public String describe() {
            if (isNull()) {
                return "null";
            }
            return quoted ? "the text \"" + text + "\"" : text;
        }
    }

    /** A list. */
    record Sequence(List<Tree> items, String place) implements Tree {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String describe() {
            return "a list of " + items.size();
        }
    }

    /** Values by key, in the order of the file. */
    record Mapping(Map<String, Tree> entries, String place) implements Tree {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        @Override
        public String describe() {
            return entries.isEmpty()
                    ? "an empty group"
                    : "a group of keys (" + String.join(", ", entries.keySet()) + ")";
        }
    }
}

package org.generalvision.data.label;

import java.util.List;

/** What a label system makes of a label. */
public sealed interface Match {
    /** It names one concept. */
    record Unique(String concept, Rule rule) implements Match {}

    /**
     * It names several.
     *
     * @param candidates ids of the concepts, those that the name means more often first
     */
    record Ambiguous(List<String> candidates) implements Match {
        public Ambiguous {
            candidates = List.copyOf(candidates);
        }
    }

    /** It names none. */
    record None() implements Match {}
}

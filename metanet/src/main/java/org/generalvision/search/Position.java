package org.generalvision.search;

import java.util.List;

/**
 * One decision of a search space.
 *
 * @param stage number of the stage that it belongs to, from 1
 * @param property what is decided, such as {@code operator}
 * @param choices names of what can be chosen, at least one
 */
public record Position(int stage, String property, List<String> choices) {
    public Position {
        choices = List.copyOf(choices);
        if (choices.isEmpty()) {
            throw new IllegalArgumentException(
                    "choices of %s in stage %d must not be empty".formatted(property, stage));
        }
    }

    /** For people: {@code stage 2 operator}. */
    public String name() {
        return "stage " + stage + " " + property;
    }
}

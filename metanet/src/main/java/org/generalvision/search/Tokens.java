package org.generalvision.search;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.google.common.base.Joiner;
import java.util.ArrayList;
import java.util.List;

/**
 * A point of a {@link TokenSpace}: the number of the choice at each position.
 *
 * @param choices from 0, one for each position
 */
public record Tokens(@JsonValue List<Integer> choices) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Tokens {
        choices = List.copyOf(choices);
    }

    public int at(int position) {
        return choices.get(position);
    }

    /** The same with another choice at one position. */
    public Tokens with(int position, int choice) {
        List<Integer> changed = new ArrayList<>(choices);
        changed.set(position, choice);
        return new Tokens(changed);
    }

    /** The choices with hyphens between them. */
    @Override
    public String toString() {
        return Joiner.on('-').join(choices);
    }
}

package org.generalvision.search;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What is searched: every sequence with one of a position's choices at each position is a network. */
public interface TokenSpace {
    /** The decisions, in the order in which the controller takes them. */
    List<Position> positions();

    /** The network in one line. */
    String describe(Tokens tokens);

    /**
     * The point whose line {@link #describe} gives.
     *
     * @throws IllegalArgumentException if it is none of this space
     */
    Tokens parse(String line);

    /** What the network costs, counted without building it. */
    Size size(Tokens tokens);

    /**
     * Exact size of a network.
     *
     * @param parameters trainable elements
     * @param macs multiply-adds of a forward pass of one picture
     */
    record Size(long parameters, long macs) {}

    /** A point drawn evenly. */
    default Tokens draw(RandomGenerator random) {
        List<Integer> choices = new ArrayList<>();
        for (Position position : positions()) {
            choices.add(random.nextInt(position.choices().size()));
        }
        return new Tokens(choices);
    }

    /** Decimal logarithm of the number of points. */
    default double log10Points() {
        return positions().stream()
                .mapToDouble(position -> Math.log10(position.choices().size()))
                .sum();
    }

    /**
     * Refuses a sequence that is no point of this space.
     *
     * @throws IllegalArgumentException naming the position
     */
    default void requireMember(Tokens tokens) {
        List<Position> positions = positions();
        if (tokens.choices().size() != positions.size()) {
            throw new IllegalArgumentException("tokens must have %d positions: %s has %d"
                    .formatted(positions.size(), tokens, tokens.choices().size()));
        }
        for (int i = 0; i < positions.size(); i++) {
            int count = positions.get(i).choices().size();
            if (tokens.at(i) < 0 || tokens.at(i) >= count) {
                throw new IllegalArgumentException("tokens must lie in [0, %d) at %s (position %d): %s"
                        .formatted(count, positions.get(i).name(), i, tokens));
            }
        }
    }
}

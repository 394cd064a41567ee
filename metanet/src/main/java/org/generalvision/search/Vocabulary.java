package org.generalvision.search;

import java.util.ArrayList;
import java.util.List;

/**
 * The choices of all positions in one numbering, as the controller reads and writes them: choice c of position t is entry
 * first(t) + c; one entry more stands for the beginning.
 */
final class Vocabulary {
    private final List<Integer> firsts = new ArrayList<>();
    private final List<Integer> counts = new ArrayList<>();
    private final int size;

    Vocabulary(TokenSpace space) {
        int next = 0;
        for (Position position : space.positions()) {
            firsts.add(next);
            counts.add(position.choices().size());
            next += position.choices().size();
        }
        size = next;
    }

    /** Number of positions. */
    int positions() {
        return firsts.size();
    }

    /** Entries without the beginning. */
    int size() {
        return size;
    }

    int first(int position) {
        return firsts.get(position);
    }

    int count(int position) {
        return counts.get(position);
    }

    /** The entry that stands for the beginning. */
    long start() {
        return size;
    }

    /** The largest possible entropy of all choices together, in nats. */
    double largestEntropy() {
        return counts.stream().mapToDouble(count -> Math.log(count)).sum();
    }
}

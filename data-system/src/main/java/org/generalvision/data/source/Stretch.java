package org.generalvision.data.source;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A part of a collection that one process can walk without the parts before it. The stretches of a collection, one after the other, are
 * the collection.
 *
 * @param source that the items belong to
 * @param from number of the first item in it
 * @param to number after the last; {@link Long#MAX_VALUE} for the end of the source
 */
public record Stretch(SourceConfig source, long from, long to) {
    /** Enough that opening the source costs little beside them. */
    private static final long FEWEST_ITEMS = 256;

    public Stretch {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("A stretch must have 0 <= from <= to: %d, %d".formatted(from, to));
        }
    }

    /** Reads what {@link #text} wrote. */
    public static Stretch parse(String text) {
        return BuildJson.parse(text, Stretch.class);
    }

    /** The stretch as text. */
    public String text() {
        return BuildJson.text(this);
    }

    /** A whole source. */
    static Stretch whole(SourceConfig source) {
        return new Stretch(source, 0, Long.MAX_VALUE);
    }

    /** Stretches of about the same number of items of a source that knows its size and skips without reading. */
    static List<Stretch> even(SourceConfig source, int wanted) {
        long items;
        try (CollectionSource opened = source.open()) {
            items = opened.size();
        }
        long parts = Math.max(1, Math.min(wanted, items / FEWEST_ITEMS));
        List<Stretch> stretches = new ArrayList<>();
        for (long part = 0; part < parts; part++) {
            long to = part + 1 == parts ? Long.MAX_VALUE : (part + 1) * items / parts;
            stretches.add(new Stretch(source, part * items / parts, to));
        }
        return stretches;
    }

    /**
     * Its items without some at the beginning.
     *
     * @param opened the source
     */
    Iterator<Candidate> items(CollectionSource opened, long skipped) {
        Iterator<Candidate> rest = opened.iterator(from + skipped);
        return to == Long.MAX_VALUE ? rest : new Bounded(rest, to - from - skipped);
    }

    private static final class Bounded implements Iterator<Candidate> {
        private final Iterator<Candidate> items;
        private long left;

        Bounded(Iterator<Candidate> items, long left) {
            this.items = items;
            this.left = left;
        }

        @Override
        public boolean hasNext() {
            return left > 0 && items.hasNext();
        }

        @Override
        public Candidate next() {
            left--;
            return items.next();
        }
    }
}

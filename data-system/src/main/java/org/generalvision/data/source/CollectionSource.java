package org.generalvision.data.source;

import java.util.Iterator;

/** A collection of images in some public format. */
public interface CollectionSource extends Iterable<Candidate>, AutoCloseable {
    /** What {@link #size} says where only a whole pass would tell. */
    long UNKNOWN_SIZE = -1;

    /** Items that an iteration yields, or {@link #UNKNOWN_SIZE}. */
    long size();

    /**
     * Walks the collection in an order that depends on its content alone. Items are read as they are asked for; every call
     * begins anew.
     */
    @Override
    Iterator<Candidate> iterator();

    /**
     * The same from an item on, counted from 0. Sources whose items lie apart pass over the others without reading them.
     */
    default Iterator<Candidate> iterator(long from) {
        Iterator<Candidate> items = iterator();
        for (long passed = 0; passed < from && items.hasNext(); passed++) {
            items.next();
        }
        return items;
    }

    /** Ends iterations that have not come to their end, and closes their files. */
    @Override
    default void close() {}
}

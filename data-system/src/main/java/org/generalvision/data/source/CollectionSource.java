package org.generalvision.data.source;

import java.util.Iterator;

/** A collection of images in some public format. */
public interface CollectionSource extends Iterable<Candidate> {
    /** Items that an iteration yields. */
    long size();

    /**
     * Walks the collection in an order that depends on its content alone. Items are read as they are asked for; every call
     * begins anew.
     */
    @Override
    Iterator<Candidate> iterator();
}

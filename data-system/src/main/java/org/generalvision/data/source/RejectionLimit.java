package org.generalvision.data.source;

import com.google.common.collect.ForwardingIterator;
import java.util.Iterator;

/** A collection whose iteration fails when too many of its items are rejected, so that no shards are made of it. */
public final class RejectionLimit implements CollectionSource {
    private final CollectionSource source;
    private final double share;
    private final int free;

    /**
     * A bound for a collection.
     *
     * @param share of the items that may be rejected, in [0, 1]; all of them never may
     * @param free number of items that may be rejected whatever their share
     */
    public RejectionLimit(CollectionSource source, double share, int free) {
        RejectionCount.requireShare(share);
        this.source = source;
        this.share = share;
        this.free = free;
    }

    @Override
    public long size() {
        return source.size();
    }

    @Override
    public Iterator<Candidate> iterator() {
        return new Counting(source.iterator());
    }

    @Override
    public void close() {
        source.close();
    }

    private final class Counting extends ForwardingIterator<Candidate> {
        private final Iterator<Candidate> items;
        private final RejectionCount count = new RejectionCount(share, free);
        private final long size = source.size();

        Counting(Iterator<Candidate> items) {
            this.items = items;
        }

        @Override
        protected Iterator<Candidate> delegate() {
            return items;
        }

        @Override
        public boolean hasNext() {
            boolean more = items.hasNext();
            if (!more) {
                count.requireWithin();
            }
            return more;
        }

        @Override
        public Candidate next() {
            Candidate candidate = items.next();
            if (candidate instanceof Candidate.Rejected item) {
                count.add(item);
                if (count.isHopeless(size)) {
                    throw count.exceeded();
                }
            } else {
                count.addOther();
            }
            return candidate;
        }
    }
}

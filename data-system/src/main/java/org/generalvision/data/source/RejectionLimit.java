package org.generalvision.data.source;

import com.google.common.collect.ForwardingIterator;
import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.common.collect.Multisets;
import java.util.Iterator;
import java.util.stream.Collectors;

/** A collection whose iteration fails when too many of its items are rejected, so that no shards are made of it. */
public final class RejectionLimit implements CollectionSource {
    /** Below this many rejections a share says little: the first items may be the bad ones. */
    private static final int EARLIEST = 1000;

    private static final int NAMED_REASONS = 3;
    private static final int KEPT_REASONS = 1000;

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
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("The share of rejected items must lie in [0, 1]: " + share);
        }
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
        private final Multiset<String> reasons = HashMultiset.create();
        private final long size = source.size();
        private long count;
        private long rejected;
        private String last = "";

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
            if (!more && (rejected > Math.max(free, share * count) || (rejected > 0 && rejected == count))) {
                throw exceeded();
            }
            return more;
        }

        @Override
        public Candidate next() {
            Candidate candidate = items.next();
            count++;
            if (candidate instanceof Candidate.Rejected item) {
                rejected++;
                last = item.id() + " " + item.reason();
                String reason = item.reason().replaceAll("[0-9]+", "N");
                if (reasons.elementSet().size() < KEPT_REASONS || reasons.contains(reason)) {
                    reasons.add(reason);
                }
                if (rejected >= EARLIEST && size > 0 && rejected > Math.max(free, share * size)) {
                    throw exceeded();
                }
            }
            return candidate;
        }

        private IllegalArgumentException exceeded() {
            String commonest = Multisets.copyHighestCountFirst(reasons).entrySet().stream()
                    .limit(NAMED_REASONS)
                    .map(entry -> entry.getCount() + " times '" + entry.getElement() + "'")
                    .collect(Collectors.joining(", "));
            return new IllegalArgumentException(
                    "%d of %d items are rejected, more than the share %s that --max-rejected allows: %s; the last: %s. Repair the collection or raise the limit"
                            .formatted(rejected, count, share, commonest, last));
        }
    }
}

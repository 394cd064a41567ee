package org.generalvision.data.source;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.common.collect.Multisets;
import java.util.stream.Collectors;

/** Items and those of them that are rejected, against a limit. */
final class RejectionCount {
    /** Below this many rejections a share says little: the first items may be the bad ones. */
    private static final int EARLIEST = 1000;

    private static final int NAMED_REASONS = 3;
    private static final int KEPT_REASONS = 1000;

    private final double share;
    private final int free;
    private final Multiset<String> reasons = HashMultiset.create();
    private long count;
    private long rejected;
    private String last = "";

    /**
     * A count of nothing.
     *
     * @param share of the items that may be rejected, in [0, 1]; all of them never may
     * @param free number of items that may be rejected whatever their share
     */
    RejectionCount(double share, int free) {
        requireShare(share);
        this.share = share;
        this.free = free;
    }

    static void requireShare(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("The share of rejected items must lie in [0, 1]: " + share);
        }
    }

    /** Counts an item that is not rejected. */
    void addOther() {
        count++;
    }

    void add(Candidate.Rejected item) {
        count++;
        rejected++;
        last = item.id() + " " + item.reason();
        String reason = item.reason().replaceAll("[0-9]+", "N");
        if (reasons.elementSet().size() < KEPT_REASONS || reasons.contains(reason)) {
            reasons.add(reason);
        }
    }

    /** Whether the limit is exceeded for certain, before the end of a collection of a known size. */
    boolean isHopeless(long size) {
        return rejected >= EARLIEST && size > 0 && rejected > Math.max(free, share * size);
    }

    /**
     * Judges a whole collection.
     *
     * @throws IllegalArgumentException if too many of its items are rejected
     */
    void requireWithin() {
        if (rejected > Math.max(free, share * count) || (rejected > 0 && rejected == count)) {
            throw exceeded();
        }
    }

    IllegalArgumentException exceeded() {
        String commonest = Multisets.copyHighestCountFirst(reasons).entrySet().stream()
                .limit(NAMED_REASONS)
                .map(entry -> entry.getCount() + " times '" + entry.getElement() + "'")
                .collect(Collectors.joining(", "));
        return new IllegalArgumentException(
                "%d of %d items are rejected, more than the share %s that --max-rejected allows: %s; the last: %s. Repair the collection or raise the limit"
                        .formatted(rejected, count, share, commonest, last));
    }
}

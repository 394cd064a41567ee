package org.generalvision.data.label;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Rows by a key of bytes: a hash table of numbers over keys that are made again from the rows when they are compared, so that
 * it holds no key. A search looks at few places of memory, which is what it takes its time for. Immutable, hence safe for several threads.
 */
final class TextIndex {
    private static final int[] NONE = {};

    private final Match match;
    /**
     * The hash of a key in the upper half. In the lower half 0 if the place is empty, 1 + the row of a key that one row has, or
     * -1 - the group of a key that several have.
     */
    private final long[] slots;

    private final Lists groups;

    private TextIndex(Match match, long[] slots, Lists groups) {
        this.match = match;
        this.slots = slots;
        this.groups = groups;
    }

    /** Tells whether a row has a key. */
    @FunctionalInterface
    interface Match {
        boolean test(int row, byte[] key);
    }

    /**
     * Indexes rows.
     *
     * @param numRows rows from 0
     * @param keys the key of a row, always the same
     * @param match whether a row has a key
     */
    static TextIndex of(int numRows, IntFunction<byte[]> keys, Match match) {
        // At least half of the places stay empty, so that a search ends soon.
        long[] slots = new long[Integer.highestOneBit(Math.max(numRows, 1)) << 2];
        int[] first = new int[numRows];
        int[] groupOf = new int[numRows];
        int numGroups = 0;
        for (int row = 0; row < numRows; row++) {
            byte[] key = keys.apply(row);
            int hash = hash(key);
            int place = hash & (slots.length - 1);
            while (slots[place] != 0 && !(hash(slots[place]) == hash && match.test(first[group(slots[place])], key))) {
                place = (place + 1) & (slots.length - 1);
            }
            if (slots[place] == 0) {
                first[numGroups] = row;
                slots[place] = slot(hash, -1 - numGroups++);
            }
            groupOf[row] = group(slots[place]);
        }
        Lists groups = new Lists(oneEach(numRows), groupOf).inverse(numGroups);
        for (int place = 0; place < slots.length; place++) {
            if (slots[place] != 0 && groups.length(group(slots[place])) == 1) {
                slots[place] = slot(hash(slots[place]), 1 + first[group(slots[place])]);
            }
        }
        return new TextIndex(match, slots, groups);
    }

    private static long slot(int hash, int low) {
        return (long) hash << Integer.SIZE | Integer.toUnsignedLong(low);
    }

    /** Java's hash, with its bits spread: the finalizer of MurmurHash3, since near hashes would crowd near places. */
    private static int hash(byte[] key) {
        int hash = Arrays.hashCode(key);
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return hash ^ hash >>> 16;
    }

    private static int hash(long slot) {
        return (int) (slot >>> Integer.SIZE);
    }

    private static int group(long slot) {
        return -1 - (int) slot;
    }

    private static int[] oneEach(int numRows) {
        int[] starts = new int[numRows + 1];
        Arrays.setAll(starts, i -> i);
        return starts;
    }

    /** The rows with a key, in ascending order. */
    int[] find(byte[] key) {
        int hash = hash(key);
        int place = hash & (slots.length - 1);
        while (slots[place] != 0) {
            if (hash(slots[place]) == hash) {
                int[] rows =
                        (int) slots[place] > 0 ? new int[] {(int) slots[place] - 1} : groups.get(group(slots[place]));
                if (match.test(rows[0], key)) {
                    return rows;
                }
            }
            place = (place + 1) & (slots.length - 1);
        }
        return NONE;
    }

    /** Distinct keys. */
    int numKeys() {
        return groups.size();
    }

    /** The rows of one distinct key, in ascending order. */
    int[] rows(int key) {
        return groups.get(key);
    }
}

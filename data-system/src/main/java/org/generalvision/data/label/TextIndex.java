package org.generalvision.data.label;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Rows by a key of bytes: a hash table of numbers over keys that are made again from the rows when they are compared, so that
 * it holds no key. Immutable, hence safe for several threads.
 */
final class TextIndex {
    private static final HashFunction HASH = Hashing.murmur3_32_fixed();
    private static final int[] NONE = {};

    private final IntFunction<byte[]> keys;
    /** Group of each place plus one; 0 is empty. */
    private final int[] slots;

    private final int[] hashes;
    private final Lists groups;

    private TextIndex(IntFunction<byte[]> keys, int[] slots, int[] hashes, Lists groups) {
        this.keys = keys;
        this.slots = slots;
        this.hashes = hashes;
        this.groups = groups;
    }

    /**
     * Indexes rows.
     *
     * @param numRows rows from 0
     * @param keys the key of a row, always the same
     */
    static TextIndex of(int numRows, IntFunction<byte[]> keys) {
        // At least half of the places stay empty, so that a search ends soon.
        int[] slots = new int[Integer.highestOneBit(Math.max(numRows, 1)) << 2];
        int[] hashes = new int[numRows];
        int[] first = new int[numRows];
        int[] groupOf = new int[numRows];
        int numGroups = 0;
        for (int row = 0; row < numRows; row++) {
            byte[] key = keys.apply(row);
            int hash = HASH.hashBytes(key).asInt();
            int place = hash & (slots.length - 1);
            while (slots[place] != 0) {
                int group = slots[place] - 1;
                if (hashes[group] == hash && Arrays.equals(keys.apply(first[group]), key)) {
                    break;
                }
                place = (place + 1) & (slots.length - 1);
            }
            if (slots[place] == 0) {
                hashes[numGroups] = hash;
                first[numGroups] = row;
                slots[place] = ++numGroups;
            }
            groupOf[row] = slots[place] - 1;
        }
        Lists groups = new Lists(oneEach(numRows), groupOf).inverse(numGroups);
        return new TextIndex(keys, slots, Arrays.copyOf(hashes, numGroups), groups);
    }

    private static int[] oneEach(int numRows) {
        int[] starts = new int[numRows + 1];
        Arrays.setAll(starts, i -> i);
        return starts;
    }

    /** The rows with a key, in ascending order. */
    int[] find(byte[] key) {
        int hash = HASH.hashBytes(key).asInt();
        int place = hash & (slots.length - 1);
        while (slots[place] != 0) {
            int group = slots[place] - 1;
            if (hashes[group] == hash && Arrays.equals(keys.apply(groups.values()[groups.starts()[group]]), key)) {
                return groups.get(group);
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

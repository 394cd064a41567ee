package org.generalvision.data.curate;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Which rows are left after removals, as one bit for each row and a count for each 512 rows: 1.13 bits a row. The row of
 * the i-th kept example is found by binary search over the counts. Immutable.
 */
final class KeptRows {
    /** Words of 64 rows that share a count. */
    private static final int BLOCK_WORDS = 8;

    private final long rows;
    private final long[] removed;
    /** Kept rows before each block, and all kept rows at the end. */
    private final long[] keptBefore;

    private KeptRows(long rows, long[] removed) {
        this.rows = rows;
        this.removed = removed;
        int blocks = (removed.length + BLOCK_WORDS - 1) / BLOCK_WORDS;
        keptBefore = new long[blocks + 1];
        for (int block = 0; block < blocks; block++) {
            long kept = 0;
            for (int word = block * BLOCK_WORDS; word < Math.min(removed.length, (block + 1) * BLOCK_WORDS); word++) {
                kept += Long.bitCount(kept(word));
            }
            keptBefore[block + 1] = keptBefore[block] + kept;
        }
    }

    /** Gathers removals; removing a row twice is the same as once. */
    static final class Builder {
        private final long rows;
        private final long[] removed;

        Builder(long rows) {
            this.rows = rows;
            removed = new long[Math.toIntExact((rows + 63) >>> 6)];
        }

        void remove(long row) {
            if (row < 0 || row >= rows) {
                throw new IllegalArgumentException("row must lie in 0..%d: %d".formatted(rows - 1, row));
            }
            removed[(int) (row >>> 6)] |= 1L << row;
        }

        KeptRows build() {
            return new KeptRows(rows, removed.clone());
        }
    }

    /** Bits of the kept rows in a word; past the last row nothing is kept. */
    private long kept(int word) {
        long beyond = (long) (word + 1) * 64 - rows;
        return ~removed[word] & (beyond <= 0 ? -1L : -1L >>> beyond);
    }

    /** Number of rows that are kept. */
    long size() {
        return keptBefore[keptBefore.length - 1];
    }

    boolean contains(long row) {
        return (removed[(int) (row >>> 6)] >>> row & 1) == 0;
    }

    /** The row of the kept example with this number, from 0 to {@link #size} - 1. */
    long row(long number) {
        if (number < 0 || number >= size()) {
            throw new IndexOutOfBoundsException("kept row %d of %d".formatted(number, size()));
        }
        if (size() == rows) {
            return number;
        }
        int found = Arrays.binarySearch(keptBefore, number);
        // Blocks without kept rows repeat a count: the last one with this count holds the row.
        int block = found >= 0 ? found : -found - 2;
        while (keptBefore[block + 1] <= number) {
            block++;
        }
        long rest = number - keptBefore[block];
        int word = block * BLOCK_WORDS;
        while (Long.bitCount(kept(word)) <= rest) {
            rest -= Long.bitCount(kept(word));
            word++;
        }
        long bits = kept(word);
        for (; rest > 0; rest--) {
            bits &= bits - 1;
        }
        return 64L * word + Long.numberOfTrailingZeros(bits);
    }

    /** Kept rows before a row: the number of a kept row. */
    long number(long row) {
        int word = (int) (row >>> 6);
        int block = word / BLOCK_WORDS;
        long number = keptBefore[block];
        for (int i = block * BLOCK_WORDS; i < word; i++) {
            number += Long.bitCount(kept(i));
        }
        return number + Long.bitCount(kept(word) & ((1L << row) - 1));
    }

    /** Hash of the set of rows on top of the hash of what they are rows of, which it equals while nothing is removed. */
    String hash(String base) {
        if (size() == rows) {
            return base;
        }
        Hasher hasher = Hashing.sha256().newHasher().putString(base, StandardCharsets.UTF_8);
        for (long word : removed) {
            hasher.putLong(word);
        }
        return hasher.hash().toString();
    }
}

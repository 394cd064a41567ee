package org.generalvision.data.load;

import org.generalvision.data.augment.RandomStream;

/**
 * A pseudo-random bijection of [0, size) that is computed, not stored: place {@code i} of an epoch of a thousand million
 * samples costs as little as place 0, and no memory.
 *
 * <p>A Feistel network over the smallest power of two that holds the size, with a keyed 64-bit hash as round function,
 * applied again until the result falls inside (cycle walking: Black and Rogaway, Ciphers with arbitrary finite domains,
 * CT-RSA 2002). Each step of the network adds a hash of one half to the other, which can be undone, so the whole is a
 * bijection; less than two applications are needed on average.
 */
public final class Permutation {
    private static final int NUM_ROUNDS = 6;

    private final long size;
    private final long key;
    private final int lowBits;
    private final long lowMask;
    private final long highMask;

    /**
     * One of the permutations.
     *
     * @param size number of elements, positive
     * @param key which permutation
     */
    public Permutation(long size, long key) {
        if (size <= 0) {
            throw new IllegalArgumentException("size of a permutation must be positive: " + size);
        }
        int bits = Math.max(2, Long.SIZE - Long.numberOfLeadingZeros(size - 1));
        this.size = size;
        this.key = key;
        this.lowBits = bits / 2;
        this.lowMask = (1L << lowBits) - 1;
        this.highMask = (1L << (bits - lowBits)) - 1;
    }

    /**
     * Where an element goes.
     *
     * @param index from 0 to size - 1
     */
    public long at(long index) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("index must lie in [0, %d): %d".formatted(size, index));
        }
        long value = index;
        do {
            value = network(value);
        } while (value >= size);
        return value;
    }

    private long network(long value) {
        long low = value & lowMask;
        long high = value >>> lowBits;
        for (int round = 0; round < NUM_ROUNDS; round++) {
            high ^= RandomStream.mix(key, 2L * round, low) & highMask;
            low ^= RandomStream.mix(key, 2L * round + 1, high) & lowMask;
        }
        return high << lowBits | low;
    }
}

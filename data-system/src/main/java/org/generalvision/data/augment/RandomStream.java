package org.generalvision.data.augment;

import java.util.random.RandomGenerator;

/**
 * A stream of random numbers that belongs to one use: one sample, in one epoch, for one purpose. Because the key says
 * everything, neither the order of the samples nor the number of workers nor a resume changes a draw, and nothing has to
 * be replayed to get to the middle of a run.
 *
 * <p>The generator is SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014),
 * written out here so that its numbers do not depend on the JDK. Making a stream costs tens of nanoseconds. Not safe for
 * use by several threads.
 */
public final class RandomStream implements RandomGenerator {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    private RandomStream(long state) {
        this.state = state;
    }

    /**
     * The stream of one use.
     *
     * @param seed of the run
     * @param epoch pass over the data, from 0
     * @param sample index of the sample in its source
     * @param purpose what the numbers are for, such as {@code image} or {@code text2}
     */
    public static RandomStream of(long seed, long epoch, long sample, String purpose) {
        return new RandomStream(mix(seed, epoch, sample, hash(purpose)));
    }

    /** A 64-bit hash of numbers in their order, the same on every machine and in every version. */
    public static long mix(long... parts) {
        long hash = parts.length * GOLDEN_GAMMA;
        for (long part : parts) {
            hash = scramble(hash + GOLDEN_GAMMA) ^ scramble(part - GOLDEN_GAMMA);
            hash = scramble(hash);
        }
        return hash;
    }

    /** A 64-bit hash of a text, the same on every machine and in every version. */
    public static long hash(CharSequence text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L; // the prime of FNV-1a
        }
        return scramble(hash);
    }

    @Override
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return scramble(state);
    }

    /** Whether an event of this probability happens. Always takes one number, so that later draws do not move. */
    static boolean happens(double probability, RandomGenerator random) {
        return random.nextDouble() < probability;
    }

    /** The output function of SplitMix64 (variant 13 of Stafford's mixers): a bijection of 64 bits. */
    private static long scramble(long bits) {
        long z = bits;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}

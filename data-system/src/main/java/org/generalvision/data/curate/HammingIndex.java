package org.generalvision.data.curate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Finds 64-bit hashes within a Hamming distance d of each other, all of them, without comparing all with all: multi-index
 * hashing (Norouzi, Punjani, Fleet: Fast search in Hamming space with multi-index hashing, CVPR 2012). The bits are cut into
 * four bands of 16. Hashes within d agree in at least one band up to d / 4 bits, rounded down, and if they do so in none of the
 * first d mod 4 + 1 bands, then in one of the others up to one bit less. So only buckets whose bands are that near are
 * compared. Immutable.
 */
final class HammingIndex {
    /** Beyond it most of the buckets would have to be compared, and unrelated images are this near too. */
    static final int MAX_DISTANCE = 16;

    private static final int BANDS = 4;
    private static final int BAND_BITS = 16;
    private static final int BUCKETS = 1 << BAND_BITS;
    private static final int[][] MASKS = allMasks();

    private final long[] hashes;
    private final Band[] bands = new Band[BANDS];

    /** Receives pairs of positions. */
    interface Pairs {
        void add(int first, int second);
    }

    /** An index of hashes by their positions. */
    HammingIndex(long[] hashes) {
        this.hashes = hashes.clone();
        for (int band = 0; band < BANDS; band++) {
            bands[band] = new Band(this.hashes, band * BAND_BITS);
        }
    }

    static void requireDistance(int distance) {
        if (distance < 0 || distance > MAX_DISTANCE) {
            throw new IllegalArgumentException("The distance of perceptual hashes must lie in 0..%d bits: %d; unrelated"
                            .formatted(MAX_DISTANCE, distance)
                    + " images differ in 32 bits on average");
        }
    }

    /** The hashes of one band, sorted by its value. */
    private static final class Band {
        private final int shift;
        private final int[] starts = new int[BUCKETS + 1];
        private final int[] positions;
        private final long[] sorted;

        Band(long[] hashes, int shift) {
            this.shift = shift;
            positions = new int[hashes.length];
            sorted = new long[hashes.length];
            for (long hash : hashes) {
                starts[value(hash) + 1]++;
            }
            for (int i = 0; i < BUCKETS; i++) {
                starts[i + 1] += starts[i];
            }
            int[] next = Arrays.copyOf(starts, BUCKETS);
            for (int i = 0; i < hashes.length; i++) {
                int place = next[value(hashes[i])]++;
                positions[place] = i;
                sorted[place] = hashes[i];
            }
        }

        int value(long hash) {
            return (int) (hash >>> shift) & (BUCKETS - 1);
        }

        void pairs(int distance, int[] masks, Pairs pairs) {
            for (int bucket = 0; bucket < BUCKETS; bucket++) {
                if (starts[bucket] == starts[bucket + 1]) {
                    continue;
                }
                for (int mask : masks) {
                    int other = bucket ^ mask;
                    if (other >= bucket) {
                        compare(bucket, other, distance, pairs);
                    }
                }
            }
        }

        private void compare(int bucket, int other, int distance, Pairs pairs) {
            int end = starts[other + 1];
            for (int i = starts[bucket]; i < starts[bucket + 1]; i++) {
                long hash = sorted[i];
                for (int j = bucket == other ? i + 1 : starts[other]; j < end; j++) {
                    if (PerceptualHash.distance(hash, sorted[j]) <= distance) {
                        pairs.add(positions[i], positions[j]);
                    }
                }
            }
        }
    }

    /** Hands over all pairs within a distance, each at least once, in an order that depends on the hashes alone. */
    void pairsWithin(int distance, Pairs pairs) {
        requireDistance(distance);
        for (int band = 0; band < BANDS; band++) {
            bands[band].pairs(distance, masks(radius(distance, band)), pairs);
        }
    }

    /** The position of a hash that is nearest to the query and within a distance, the lowest of equally near ones; else -1. */
    int nearestWithin(int distance, long query) {
        int best = -1;
        int bestDistance = distance + 1;
        for (int number = 0; number < BANDS; number++) {
            Band band = bands[number];
            for (int mask : masks(radius(distance, number))) {
                int bucket = band.value(query) ^ mask;
                for (int i = band.starts[bucket]; i < band.starts[bucket + 1]; i++) {
                    int found = PerceptualHash.distance(query, band.sorted[i]);
                    if (found < bestDistance || (found == bestDistance && band.positions[i] < best)) {
                        best = band.positions[i];
                        bestDistance = found;
                    }
                }
            }
        }
        return best;
    }

    /** Bits in which bands may differ; -1 if the band need not be looked at. */
    private static int radius(int distance, int band) {
        return band <= distance % BANDS ? distance / BANDS : distance / BANDS - 1;
    }

    private static int[] masks(int radius) {
        return radius < 0 ? new int[0] : MASKS[radius];
    }

    /** For each radius the values of a band with at most that many bits, few bits first. */
    private static int[][] allMasks() {
        int[][] masks = new int[MAX_DISTANCE / BANDS + 1][];
        for (int radius = 0; radius < masks.length; radius++) {
            int limit = radius;
            masks[radius] = IntStream.range(0, BUCKETS)
                    .filter(mask -> Integer.bitCount(mask) <= limit)
                    .boxed()
                    .sorted(Comparator.comparing(Integer::bitCount))
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
        return masks;
    }
}

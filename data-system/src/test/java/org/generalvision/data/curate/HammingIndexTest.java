package org.generalvision.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HammingIndexTest {
    static LongStream seeds() {
        return LongStream.range(0, 34);
    }

    /** Every distance twice; hashes around few centers, so that pairs of every distance occur. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void findsWhatComparingAllWithAllFinds(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int distance = (int) seed % (HammingIndex.MAX_DISTANCE + 1);
        long[] hashes = hashes(random, 20 * (int) seed, distance);
        Set<Long> expected = new HashSet<>();
        for (int i = 0; i < hashes.length; i++) {
            for (int j = i + 1; j < hashes.length; j++) {
                if (Long.bitCount(hashes[i] ^ hashes[j]) <= distance) {
                    expected.add(pair(i, j));
                }
            }
        }
        HammingIndex index = new HammingIndex(hashes);
        Set<Long> found = new HashSet<>();
        index.pairsWithin(distance, (a, b) -> found.add(pair(Math.min(a, b), Math.max(a, b))));
        assertThat(found).isEqualTo(expected);

        for (int i = 0; i < 50; i++) {
            long query = hashes(random, 1, distance)[0];
            int best = -1;
            for (int j = hashes.length - 1; j >= 0; j--) {
                int here = Long.bitCount(query ^ hashes[j]);
                if (here <= distance && (best < 0 || here <= Long.bitCount(query ^ hashes[best]))) {
                    best = j;
                }
            }
            assertThat(index.nearestWithin(distance, query)).isEqualTo(best);
        }
    }

    @Test
    void aDistanceAtWhichUnrelatedImagesAreNearIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NearDuplicates(17))
                .withMessageContaining("must lie in 0..16 bits: 17");
        assertThatIllegalArgumentException().isThrownBy(() -> new NearDuplicates(-1));
    }

    private static long pair(int a, int b) {
        return (long) a << 32 | b;
    }

    private static long[] hashes(RandomGenerator random, int count, int distance) {
        long[] centers = {0x0123456789ABCDEFL, 0xFEDCBA9876543210L, -1L};
        long[] hashes = new long[count];
        for (int i = 0; i < count; i++) {
            hashes[i] = centers[random.nextInt(centers.length)];
            for (int flips = random.nextInt(distance + 3); flips > 0; flips--) {
                hashes[i] ^= 1L << random.nextInt(64);
            }
        }
        return hashes;
    }
}

package org.generalvision.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
    @Test
    void equalKeysGiveEqualNumbers() {
        assertThat(RandomStream.of(7, 3, 42, "image").longs(100))
                .containsExactly(
                        RandomStream.of(7, 3, 42, "image").longs(100).boxed().toArray(Long[]::new));
    }

    @Test
    void everyPartOfTheKeyMatters() {
        Set<Long> firsts = new HashSet<>();
        for (long seed = 0; seed < 5; seed++) {
            for (long epoch = 0; epoch < 5; epoch++) {
                for (long sample = 0; sample < 50; sample++) {
                    for (String purpose : new String[] {"image", "image2", "text", "text2"}) {
                        firsts.add(RandomStream.of(seed, epoch, sample, purpose).nextLong());
                    }
                }
            }
        }
        assertThat(firsts).hasSize(5 * 5 * 50 * 4);
    }

    @Test
    void generatorIsSplitMix64() {
        // The JDK's SplittableRandom is the same generator, seeded with the state.
        RandomStream stream = RandomStream.of(1, 2, 3, "x");
        long state = RandomStream.mix(1, 2, 3, RandomStream.hash("x"));
        SplittableRandom reference = new SplittableRandom(state);
        for (int i = 0; i < 1000; i++) {
            assertThat(stream.nextLong()).isEqualTo(reference.nextLong());
        }
    }

    @Test
    void hashesNeverChangeBetweenVersions() {
        // Written down once: a change would change the data order of every run in existence.
        assertThat(RandomStream.mix(1, 2, 3)).isEqualTo(8228719343683674419L);
        assertThat(RandomStream.hash("image")).isEqualTo(-7596287945218060932L);
        assertThat(RandomStream.of(0, 0, 0, "image").nextLong()).isEqualTo(2270149874466315561L);
    }

    @Test
    void mixDependsOnOrderAndLength() {
        assertThat(RandomStream.mix(1, 2)).isNotEqualTo(RandomStream.mix(2, 1));
        assertThat(RandomStream.mix(0)).isNotEqualTo(RandomStream.mix(0, 0));
        assertThat(RandomStream.mix()).isNotEqualTo(RandomStream.mix(0));
    }

    @Test
    void firstDrawsOfNeighboringSamplesAreUniformAndUncorrelated() {
        int num = 200_000;
        int[] bins = new int[10];
        double products = 0;
        double before = 0;
        for (int sample = 0; sample < num; sample++) {
            double draw = RandomStream.of(5, 0, sample, "image").nextDouble();
            bins[(int) (10 * draw)]++;
            products += (draw - 0.5) * (before - 0.5);
            before = draw;
        }
        for (int bin : bins) {
            assertThat(bin / (double) num).isCloseTo(0.1, within(0.004));
        }
        // The correlation has standard deviation 1 / sqrt(num) = 0.0022.
        assertThat(12 * products / num).isCloseTo(0, within(0.01));
    }

    @Test
    void flippingOneBitOfASeedFlipsHalfTheBits() {
        long total = 0;
        for (int bit = 0; bit < 64; bit++) {
            for (long sample = 0; sample < 100; sample++) {
                total += Long.bitCount(RandomStream.mix(0, sample) ^ RandomStream.mix(1L << bit, sample));
            }
        }
        assertThat(total / 6400.0).isCloseTo(32, within(0.3));
    }
}

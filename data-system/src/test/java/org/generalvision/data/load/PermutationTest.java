package org.generalvision.data.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PermutationTest {
    static IntStream sizes() {
        return IntStream.concat(
                IntStream.rangeClosed(1, 100), IntStream.of(127, 128, 129, 1000, 4095, 65_537, 1_000_003));
    }

    @ParameterizedTest(name = "size {0}")
    @MethodSource("sizes")
    void reachesEachElementOnce(int size) {
        for (long key = 0; key < (size < 10_000 ? 20 : 1); key++) {
            Permutation permutation = new Permutation(size, key);
            BitSet reached = new BitSet(size);
            for (int i = 0; i < size; i++) {
                long place = permutation.at(i);
                assertThat(place).isBetween(0L, size - 1L);
                reached.set((int) place);
            }
            assertThat(reached.cardinality()).isEqualTo(size);
        }
    }

    @Test
    void allPermutationsOfFourComeUpAboutEquallyOften() {
        Map<String, Integer> counts = new HashMap<>();
        for (long key = 0; key < 24_000; key++) {
            Permutation permutation = new Permutation(4, key);
            counts.merge(
                    Arrays.toString(LongStream.range(0, 4).map(permutation::at).toArray()), 1, Integer::sum);
        }
        assertThat(counts).hasSize(24);
        // Chi-square with 23 degrees of freedom: above 49.7 once in a thousand.
        double chiSquare = counts.values().stream()
                .mapToDouble(count -> (count - 1000.0) * (count - 1000.0) / 1000)
                .sum();
        assertThat(chiSquare).isLessThan(49.7);
    }

    @Test
    void everyPlaceIsUniformOverKeys() {
        int size = 37;
        int[][] counts = new int[size][size];
        for (long key = 0; key < 37_000; key++) {
            Permutation permutation = new Permutation(size, key);
            for (int i = 0; i < size; i++) {
                counts[i][(int) permutation.at(i)]++;
            }
        }
        double chiSquare = 0;
        for (int[] row : counts) {
            for (int count : row) {
                chiSquare += (count - 1000.0) * (count - 1000.0) / 1000;
            }
        }
        // 36 * 36 degrees of freedom: mean 1296, standard deviation 51.
        assertThat(chiSquare).isBetween(1296 - 4 * 51.0, 1296 + 4 * 51.0);
    }

    @Test
    void sizesBeyondIntAreHandled() {
        Permutation permutation = new Permutation(3_000_000_000_000L, 5);
        assertThat(LongStream.range(0, 10_000).map(permutation::at).distinct().count())
                .isEqualTo(10_000);
        assertThat(permutation.at(2_999_999_999_999L)).isBetween(0L, 2_999_999_999_999L);
        assertThat(new Permutation(Long.MAX_VALUE, 5).at(Long.MAX_VALUE - 1)).isNotNegative();
    }

    @Test
    void badSizesAndPlacesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Permutation(0, 1))
                .withMessageContaining("positive: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Permutation(5, 1).at(5))
                .withMessage("index must lie in [0, 5): 5");
        assertThatIllegalArgumentException().isThrownBy(() -> new Permutation(5, 1).at(-1));
    }
}

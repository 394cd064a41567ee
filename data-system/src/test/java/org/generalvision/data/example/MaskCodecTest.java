package org.generalvision.data.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.primitives.ImmutableIntArray;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskCodecTest {
    private static ImmutableIntArray runs(int... counts) {
        return ImmutableIntArray.copyOf(counts);
    }

    /** Worked out by hand from the description: 5 is "5"; 37 is 5 and one group more, "U1"; 2 after 6, 4, 5 is -2, "N". */
    @Test
    void stringsAreThoseOfTheDescription() {
        assertThat(MaskCodec.encode(runs(5, 37))).isEqualTo("5U1");
        assertThat(MaskCodec.decode("5U1")).isEqualTo(runs(5, 37));
        assertThat(MaskCodec.encode(runs(6, 4, 5, 2))).isEqualTo("645N");
        assertThat(MaskCodec.decode("645N")).isEqualTo(runs(6, 4, 5, 2));
        assertThat(MaskCodec.encode(runs(16))).isEqualTo("`0");
        assertThat(MaskCodec.decode("")).isEqualTo(runs());
    }

    static Stream<Long> seeds() {
        return IntStream.range(0, 50).mapToObj(Long::valueOf);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsWrittenIsReadBack(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int[] counts = random.ints(1 + seed, 0, 1 << random.nextInt(1, 31)).toArray();
        assertThat(MaskCodec.decode(MaskCodec.encode(runs(counts)))).isEqualTo(runs(counts));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "p", "U", "oooooooooooo0", "O", "\u00e9", "oooooooo"})
    void brokenStringsAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MaskCodec.decode(text))
                .withMessageContaining("Run lengths");
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void overlapIsThatOfThePixels(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int height = random.nextInt(1, 9);
        int width = random.nextInt(1, 9);
        BitSet first = pixels(random, height * width);
        BitSet second = pixels(random, height * width);
        BitSet both = (BitSet) first.clone();
        both.and(second);
        BitSet any = (BitSet) first.clone();
        any.or(second);
        Mask.RunLengths a = Mask.RunLengths.of(height, width, first, "a", null);
        Mask.RunLengths b = Mask.RunLengths.of(height, width, second, "b", null);
        assertThat(MaskCodec.overlap(a, b, false)).isEqualTo(ratio(both, any));
        assertThat(MaskCodec.overlap(a, b, true)).isEqualTo(ratio(both, first));
    }

    @Test
    void masksOfOtherSizesDoNotOverlap() {
        Mask.RunLengths a = Mask.RunLengths.of(2, 3, new BitSet(), "a", null);
        Mask.RunLengths b = Mask.RunLengths.of(3, 2, new BitSet(), "b", null);
        assertThatIllegalArgumentException().isThrownBy(() -> MaskCodec.overlap(a, b, false));
    }

    private static BitSet pixels(RandomGenerator random, int size) {
        BitSet pixels = new BitSet();
        IntStream.range(0, size).filter(i -> random.nextInt(3) > 0).forEach(pixels::set);
        return pixels;
    }

    private static double ratio(BitSet part, BitSet whole) {
        return whole.isEmpty() ? 0 : (double) part.cardinality() / whole.cardinality();
    }
}

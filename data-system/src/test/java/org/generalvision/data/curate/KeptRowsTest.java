package org.generalvision.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeptRowsTest {
    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void numbersAndRowsAreThoseOfAList(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int rows = random.nextInt(1 + 60 * (int) seed);
        // Long stretches without a kept row and without a removal make whole blocks empty or full.
        double share = random.nextDouble();
        int stretch = 1 + random.nextInt(1500);
        KeptRows.Builder builder = new KeptRows.Builder(rows);
        List<Long> expected = new ArrayList<>();
        boolean removing = false;
        for (long row = 0; row < rows; row++) {
            if (row % stretch == 0) {
                removing = random.nextDouble() < share;
            }
            if (removing) {
                builder.remove(row);
            } else {
                expected.add(row);
            }
        }
        KeptRows kept = builder.build();
        assertThat(kept.size()).isEqualTo(expected.size());
        for (int number = 0; number < expected.size(); number++) {
            assertThat(kept.row(number)).isEqualTo(expected.get(number));
            assertThat(kept.number(expected.get(number))).isEqualTo(number);
        }
        for (long row = 0; row < rows; row++) {
            assertThat(kept.contains(row)).isEqualTo(expected.contains(row));
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> kept.row(expected.size()));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> kept.row(-1));
    }

    @Test
    void theHashSaysWhichRowsAreLeft() {
        KeptRows.Builder builder = new KeptRows.Builder(70);
        assertThat(builder.build().hash("base")).isEqualTo("base");
        builder.remove(69);
        String one = builder.build().hash("base");
        builder.remove(69);
        assertThat(builder.build().hash("base")).isEqualTo(one).isNotEqualTo("base");
        builder.remove(3);
        assertThat(builder.build().hash("base")).isNotEqualTo(one);
        assertThat(builder.build().hash("other")).isNotEqualTo(builder.build().hash("base"));
    }

    @Test
    void rowsBeyondTheEndAreRefused() {
        KeptRows.Builder builder = new KeptRows.Builder(64);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.remove(64));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.remove(-1));
    }
}

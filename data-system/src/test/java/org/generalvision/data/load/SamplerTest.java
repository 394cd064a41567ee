package org.generalvision.data.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static long[] epoch(Sampler sampler, long epoch) {
        long first = epoch * sampler.batchesPerEpoch();
        return LongStream.range(first, first + sampler.batchesPerEpoch())
                .flatMap(batch -> LongStream.of(sampler.samples(batch)))
                .toArray();
    }

    @Test
    void everySampleComesOncePerEpoch() {
        Sampler sampler = new Sampler(60, 6, 3);
        for (long epoch = 0; epoch < 5; epoch++) {
            assertThat(epoch(sampler, epoch))
                    .containsExactlyInAnyOrder(LongStream.range(0, 60).toArray());
        }
    }

    @Test
    void ordersDifferByEpochAndSeed() {
        Sampler sampler = new Sampler(60, 6, 3);
        assertThat(epoch(sampler, 0)).isNotEqualTo(epoch(sampler, 1));
        assertThat(epoch(sampler, 0)).isNotEqualTo(epoch(new Sampler(60, 6, 4), 0));
        assertThat(epoch(sampler, 0)).isEqualTo(epoch(new Sampler(60, 6, 3), 0));
    }

    @Test
    void remainderIsDroppedAndIsAnotherEachEpoch() {
        Sampler sampler = new Sampler(65, 10, 3);
        assertThat(sampler.batchesPerEpoch()).isEqualTo(6);
        assertThat(sampler.epoch(5)).isZero();
        assertThat(sampler.epoch(6)).isEqualTo(1);
        Set<Set<Long>> dropped = new HashSet<>();
        for (long epoch = 0; epoch < 10; epoch++) {
            Set<Long> rest = new HashSet<>(LongStream.range(0, 65).boxed().toList());
            for (long sample : epoch(sampler, epoch)) {
                assertThat(rest.remove(sample)).isTrue();
            }
            assertThat(rest).hasSize(5);
            dropped.add(rest);
        }
        assertThat(dropped.size()).isGreaterThan(8);
    }

    @Test
    void batchLargerThanTheSourceIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Sampler(5, 6, 0))
                .withMessageContaining("batch size must lie in [1, 5], the number of samples: 6");
        assertThatIllegalArgumentException().isThrownBy(() -> new Sampler(5, 0, 0));
    }
}

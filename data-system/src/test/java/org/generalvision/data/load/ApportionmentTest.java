package org.generalvision.data.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.generalvision.data.augment.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ApportionmentTest {
    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    private static List<Long> weights(long seed) {
        RandomGenerator random = RandomStream.of(seed, 0, 0, "test");
        int members = 1 + random.nextInt(1 + (int) seed / 4);
        return LongStream.range(0, members)
                .map(i -> random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1 + random.nextInt(400))
                .boxed()
                .toList();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyPrefixHasTheExactProportionsUpToLessThanOneDraw(long seed) {
        List<Long> weights = weights(seed);
        double total = weights.stream().mapToLong(Long::longValue).sum();
        Apportionment apportionment = new Apportionment(weights);
        long[] had = new long[weights.size()];
        double worst = 0;
        int wrong = 0;
        // Beyond the first period: what comes later must keep the promise too.
        for (long k = 0; k < 2 * total + 50; k++) {
            int member = apportionment.memberAt(k);
            wrong += apportionment.earlier(k) == had[member] ? 0 : 1;
            had[member]++;
            for (int m = 0; m < had.length; m++) {
                worst = Math.max(worst, Math.abs(had[m] - (k + 1) * weights.get(m) / total));
            }
        }
        assertThat(worst).isLessThan(1);
        assertThat(wrong).isZero();
        for (int m = 0; m < had.length; m++) {
            assertThat(apportionment.count(m, (long) (2 * total) + 50)).isEqualTo(had[m]);
            assertThat(apportionment.share(m)).isCloseTo(weights.get(m) / total, within(1e-12));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDrawFarAwayIsFoundAtOnceAndFollowsFromThePeriod(long seed) {
        List<Long> weights = weights(seed);
        long total = weights.stream().mapToLong(Long::longValue).sum();
        Apportionment apportionment = new Apportionment(weights);
        long far = total * 1_000_000_007L;
        for (long k = 0; k < 20; k++) {
            int member = apportionment.memberAt(k);
            assertThat(apportionment.memberAt(far + k)).isEqualTo(member);
            assertThat(apportionment.earlier(far + k))
                    .isEqualTo(1_000_000_007L * weights.get(member) + apportionment.earlier(k));
        }
    }

    @Test
    void commonDivisorsMakeNoDifference() {
        Apportionment small = new Apportionment(List.of(3L, 1L, 2L));
        Apportionment large = new Apportionment(List.of(3_000_000_000_000L, 1_000_000_000_000L, 2_000_000_000_000L));
        for (long k = 0; k < 30; k++) {
            assertThat(large.memberAt(k)).isEqualTo(small.memberAt(k));
            assertThat(large.earlier(k)).isEqualTo(small.earlier(k));
            assertThat(small.memberAt(k)).isEqualTo(small.memberAt(k + small.period()));
        }
        assertThat(List.of(small.period(), large.period())).containsExactly(6, 6);
    }

    @Test
    void weightsThatNoOrderCanBeMadeOfAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Apportionment(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Apportionment(List.of(1L, 0L)))
                .withMessageContaining("positive: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Apportionment(List.of(999_999L, Long.MAX_VALUE)))
                .withMessageContaining("round them");
    }
}

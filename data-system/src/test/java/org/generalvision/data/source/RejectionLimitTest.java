package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Iterator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RejectionLimitTest {
    private static CollectionSource source(int kept, int rejected) {
        return new CollectionSource() {
            @Override
            public long size() {
                return (long) kept + rejected;
            }

            @Override
            public Iterator<Candidate> iterator() {
                return IntStream.range(0, kept + rejected)
                        .mapToObj(i -> i < rejected
                                ? new Candidate.Rejected("r" + i, "is " + i + " bytes short")
                                : (Candidate) new Candidate.LeftOut("k" + i, "rule"))
                        .iterator();
            }
        };
    }

    private static int walk(int kept, int rejected, double share, int free) {
        return Candidates.of(new RejectionLimit(source(kept, rejected), share, free))
                .all()
                .size();
    }

    @Test
    void upToTheShareTheCollectionIsAsItWas() {
        assertThat(walk(95, 5, 0.05, 0)).isEqualTo(100);
        assertThat(walk(1, 10, 0.05, 10)).isEqualTo(11);
        assertThat(walk(0, 0, 0, 0)).isZero();
    }

    @Test
    void beyondItTheCommonestReasonsAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> walk(94, 6, 0.05, 0))
                .withMessageContainingAll("6 of 100", "6 times 'is N bytes short'", "r5", "--max-rejected");
        assertThatIllegalArgumentException().isThrownBy(() -> walk(1, 11, 0.05, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> walk(0, 3, 1, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> walk(1, 1, Double.NaN, 0));
    }

    @Test
    void aHopelessCollectionEndsEarly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> walk(10_000, 10_000, 0.05, 0))
                .withMessageContaining("1001 of 1001");
    }
}

package org.generalvision.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.generalvision.data.augment.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RankingTest {
    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    private static Trial trial(int number, int token, double accuracy, long macs, boolean failed) {
        return new Trial(
                number,
                new Tokens(List.of(token)),
                "",
                0,
                accuracy,
                accuracy,
                1,
                macs,
                null,
                null,
                failed ? "diverged" : null,
                List.of(),
                new Trial.Time(0, 0, 0, false));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theFrontHoldsWhatNothingDominates(long seed) {
        RandomGenerator random = RandomStream.of(seed, 0, 0, "front");
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < 1 + seed; i++) {
            boolean failed = random.nextInt(8) == 0;
            trials.add(trial(i, i, failed ? 0 : random.nextInt(6) / 5.0, 1 + random.nextInt(6), failed));
        }
        List<Trial> front = Ranking.front(trials, Reward.Kind.MACS);
        for (Trial trial : trials) {
            boolean dominated = trial.failure() != null
                    || trials.stream()
                            .anyMatch(other -> other.failure() == null
                                    && other.accuracy() >= trial.accuracy()
                                    && other.macs() <= trial.macs()
                                    && (other.accuracy() > trial.accuracy() || other.macs() < trial.macs()));
            boolean onFront = front.stream()
                    .anyMatch(member -> member.accuracy() == trial.accuracy() && member.macs() == trial.macs());
            assertThat(onFront && trial.failure() == null).isEqualTo(!dominated);
        }
        assertThat(front).isSortedAccordingTo((a, b) -> Long.compare(a.macs(), b.macs()));
    }

    @Test
    void theBestIsTheFirstOfEqualsAndNeverOneThatFailed() {
        List<Trial> trials = List.of(
                trial(0, 0, 0, 1, true),
                trial(1, 1, 0.5, 1, false),
                trial(2, 2, 0.7, 1, false),
                trial(3, 3, 0.7, 1, false));
        assertThat(Ranking.best(trials).orElseThrow().trial()).isEqualTo(2);
        assertThat(Ranking.best(trials.subList(0, 1))).isEmpty();
        assertThat(Ranking.bestSoFar(trials)).containsExactly(0.0, 0.5, 0.7, 0.7);
    }

    @Test
    void candidatesAreSpreadOverTheRanks() {
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            trials.add(trial(i, i % 11, i % 11 / 10.0, 1, false)); // each candidate twice, but one
        }
        assertThat(Ranking.spread(trials, 3).stream().map(Trial::accuracy)).containsExactly(1.0, 0.5, 0.0);
        assertThat(Ranking.spread(trials, 100)).hasSize(11);
        assertThat(Ranking.spread(trials, 1)).hasSize(1);
    }
}

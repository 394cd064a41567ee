package org.generalvision.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The controls, and the limit on the cost. */
class StrategyTest {
    @TempDir
    Path folder;

    static LongStream seeds() {
        return LongStream.range(0, 10);
    }

    private Costs costs(Reward reward) {
        return new Costs(new Toy.Space(), reward, new LatencyTable(folder.resolve("latency.jsonl"), t -> 1 + t.at(0)));
    }

    private Trials trials(Journal journal, Costs costs) {
        return new Trials(journal, new DirectEvaluations(new Toy.Table(0), folder), costs, 7, SearchWatch.none());
    }

    private List<Trial> run(Strategy strategy, Costs costs, int budget) {
        Journal journal = Journal.inMemory();
        Trials trials = trials(journal, costs);
        for (int done = 0; done < budget; done = journal.trials().size()) {
            trials.run(done, strategy.propose(trials.first(done), budget));
        }
        return journal.trials();
    }

    private static int differences(Tokens a, Tokens b) {
        return (int) IntStream.range(0, Toy.POSITIONS)
                .filter(i -> a.at(i) != b.at(i))
                .count();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyChildDiffersAtOnePositionFromAMemberOfThePopulation(long seed) {
        Costs costs = costs(Toy.REWARD);
        int population = 8;
        List<Trial> trials = run(new Evolution(new EvolutionConfig(population, 3, 2), costs, seed), costs, 60);
        assertThat(trials).hasSize(60);
        for (int i = population; i < 60; i++) {
            int begin = i - (i - population) % 2; // chosen two at a time
            Tokens child = trials.get(i).tokens();
            assertThat(trials.subList(begin - population, begin))
                    .as("parents of trial %d", i)
                    .anyMatch(parent -> differences(parent.tokens(), child) == 1);
        }
    }

    @Test
    void whereAllCompeteTheBestIsTheParent() {
        Costs costs = costs(Toy.REWARD);
        // A sample of 200 from 4 misses none, but for one chance in 10^25.
        Evolution evolution = new Evolution(new EvolutionConfig(200, 200, 1), costs, 3);
        List<Trial> history = run(new RandomSearch(costs, 1), costs, 4);
        List<Trial> population =
                IntStream.range(0, 200).mapToObj(i -> history.get(i % 4)).toList();
        Tokens best = Ranking.best(history).orElseThrow().tokens();
        Tokens child = evolution.propose(population, 1000).get(0).tokens();
        assertThat(differences(best, child)).isEqualTo(1);
    }

    @Test
    void evolutionBeatsRandomSearchOnTheToy() {
        Costs costs = costs(Toy.REWARD);
        double evolved = 0;
        double drawn = 0;
        for (long seed = 0; seed < 10; seed++) {
            evolved += Ranking.best(run(new Evolution(new EvolutionConfig(16, 5, 1), costs, seed), costs, 150))
                    .orElseThrow()
                    .reward();
            drawn += Ranking.best(run(new RandomSearch(costs, seed), costs, 150))
                    .orElseThrow()
                    .reward();
        }
        assertThat(evolved).isGreaterThan(drawn + 0.5);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomSearchDrawsEvenly(long seed) {
        Costs costs = costs(Toy.REWARD);
        List<Trial> trials = run(new RandomSearch(costs, seed), costs, 800);
        for (int choice = 0; choice < Toy.CHOICES; choice++) {
            int wanted = choice;
            long count = trials.stream().filter(t -> t.tokens().at(2) == wanted).count();
            assertThat(count).isBetween(200L - 50, 200L + 50); // four deviations
        }
    }

    @Test
    void aTrialIsDrawnAlikeWhateverTheRoundsWere() {
        Costs costs = costs(Toy.REWARD);
        List<Trial> all = run(new RandomSearch(costs, 4), costs, 40);
        List<Proposal> later = new RandomSearch(costs, 4).propose(all.subList(0, 23), 40);
        assertThat(later.get(0).tokens()).isEqualTo(all.get(23).tokens());
    }

    @Test
    void noControlTriesWhatTheLimitForbids() {
        Costs costs = costs(new Reward(Reward.Kind.MACS, 20, -0.07, 15.0));
        Set<Trial> trials = new HashSet<>(run(new RandomSearch(costs, 1), costs, 50));
        trials.addAll(run(new Evolution(new EvolutionConfig(8, 3, 1), costs, 1), costs, 50));
        assertThat(trials).allMatch(trial -> trial.macs() <= 15);
    }

    @Test
    void aLimitThatNoCandidateMeetsIsRefusedWithTheCheapest() {
        costs(new Reward(Reward.Kind.MACS, 20, -0.07, 10.0)).requireLimitCanBeMet(1);
        assertThatThrownBy(() ->
                        costs(new Reward(Reward.Kind.MACS, 20, -0.07, 9.5)).requireLimitCanBeMet(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reward.limit is 9.500 multiply-adds, which no candidate meets")
                .hasMessageContaining("10.00 multiply-adds (toy 0-0-0-0-0-0)");
        assertThatThrownBy(() ->
                        costs(new Reward(Reward.Kind.LATENCY, 20, -0.07, 0.5)).requireLimitCanBeMet(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reward.limit is 0.500 ms")
                .hasMessageContaining("1.000 ms");
    }

    @Test
    void latenciesAreMeasuredOnce() {
        int[] measured = {0};
        Path file = folder.resolve("measured.jsonl");
        LatencyTable table = new LatencyTable(file, t -> ++measured[0]);
        assertThat(table.of(Toy.BEST)).isEqualTo(1);
        assertThat(table.of(Toy.BEST)).isEqualTo(1);
        assertThat(table.of(Toy.BEST.with(0, 1))).isEqualTo(2);
        assertThat(new LatencyTable(file, t -> 99).of(Toy.BEST.with(0, 1))).isEqualTo(2);
    }

    @Test
    void theRewardIsTheWeightedProduct() {
        Reward reward = new Reward(Reward.Kind.MACS, 2e6, -0.07, null);
        assertThat(reward.of(0.8, 2e6)).isEqualTo(0.8);
        assertThat(reward.of(0.8, 4e6)).isEqualTo(0.8 * Math.pow(2, -0.07));
        assertThatThrownBy(() -> new Reward(Reward.Kind.MACS, 0, -0.07, null))
                .hasMessage("target must be positive: 0.0");
        assertThatThrownBy(() -> new Reward(Reward.Kind.MACS, 1, 0.07, null)).hasMessageContaining("alpha");
        assertThatThrownBy(() -> new Reward(Reward.Kind.MACS, 1, 0, -1.0)).hasMessageContaining("limit");
    }

    @Test
    void aJournalOfOtherSettingsIsRefused() {
        Costs costs = costs(Toy.REWARD);
        Journal journal = Journal.inMemory();
        trials(journal, costs).run(0, new RandomSearch(costs, 1).propose(List.of(), 8));
        assertThatThrownBy(() -> trials(journal, costs).run(0, new RandomSearch(costs, 2).propose(List.of(), 8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Trial 0 of the journal")
                .hasMessageContaining("use another run directory");
    }

    @Test
    void aTrialThatDivergedCountsWithItsReason() {
        Costs costs = costs(Toy.REWARD);
        List<Trial> failed = run(new RandomSearch(costs, 1), costs, 100).stream()
                .filter(trial -> trial.failure() != null)
                .toList();
        assertThat(failed).isNotEmpty().allMatch(trial -> trial.reward() == 0 && trial.accuracy() == 0);
    }
}

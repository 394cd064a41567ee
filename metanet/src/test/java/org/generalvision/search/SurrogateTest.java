package org.generalvision.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.metric.RankCorrelation;
import org.generalvision.train.StopRequest;
import org.junit.jupiter.api.Test;

/** The fit of a table, and what it says of candidates outside of it. */
class SurrogateTest {
    private static final double CHANCE = 0.02;

    private final TokenSpace space = new Toy.Space();

    private List<Tokens> distinct(int count, long seed) {
        Set<Tokens> drawn = new HashSet<>();
        List<Tokens> list = new ArrayList<>();
        RandomGenerator random = RandomStream.of(seed, 0, 0, "surrogate test");
        while (list.size() < count) {
            Tokens tokens = space.draw(random);
            if (drawn.add(tokens)) {
                list.add(tokens);
            }
        }
        return list;
    }

    private FitnessTable table(int count) {
        RandomGenerator random = RandomStream.of(5, 0, 0, "chance");
        return new FitnessTable(distinct(count, 1).stream()
                .map(tokens -> new FitnessTable.Row(tokens, Toy.accuracy(tokens) + CHANCE * random.nextGaussian()))
                .toList());
    }

    @Test
    void theFactorSolvesWhatWasMultiplied() {
        double[][] matrix = {{4, 2, 0.5}, {2, 5, 1}, {0.5, 1, 3}};
        double[] x = {1, -2, 3};
        double[] b = new double[3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                b[i] += matrix[i][j] * x[j];
            }
        }
        CholeskyFactor factor = CholeskyFactor.of(matrix);
        assertThat(factor.solve(b)).containsExactly(x, within(1e-12));
        // 4 (15 - 1) - 2 (6 - 0.5) + 0.5 (2 - 2.5)
        assertThat(factor.logDeterminant()).isCloseTo(Math.log(44.75), within(1e-12));
        assertThatThrownBy(() -> CholeskyFactor.of(new double[][] {{1, 2}, {2, 1}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not positive definite at row 1");
    }

    @Test
    void candidatesAreAlikeInSharesOfPositions() {
        Similarity similarity = new Similarity(space);
        assertThat(similarity.names()).containsExactly("operator", "width", "all together", "multiply-adds");
        Tokens other = Toy.BEST.with(0, 0).with(1, 2); // one of three operators, one of three widths
        double[] alike = similarity.of(similarity.point(Toy.BEST), similarity.point(other));
        assertThat(alike[0]).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(alike[1]).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(alike[2]).isCloseTo(Math.exp(-2 / 5.0), within(1e-12));
        double cost = Math.log(28 / 24.0) / 0.5; // a toy costs 10 and its choices
        assertThat(alike[3]).isCloseTo(Math.exp(-cost * cost / 2), within(1e-12));
    }

    @Test
    void candidatesOutsideOfTheTableAreRankedAsTheyAre() {
        Surrogate surrogate = Surrogate.fit(table(150), space);
        List<Tokens> others = distinct(400, 2);
        RankCorrelation ranks = RankCorrelation.of(
                others.stream().mapToDouble(surrogate::accuracy).toArray(),
                others.stream().mapToDouble(Toy::accuracy).toArray());
        assertThat(ranks.spearman()).isGreaterThan(0.9);
        assertThat(surrogate.quality().spearman()).isGreaterThan(0.85).isLessThan(1);
        assertThat(surrogate.quality().explained()).isGreaterThan(0.7).isLessThan(1);
        assertThat(surrogate.noise()).isBetween(CHANCE / 2, 3 * CHANCE);
    }

    @Test
    void aTableOfChanceIsSeenThrough() {
        RandomGenerator random = RandomStream.of(6, 0, 0, "chance");
        Surrogate surrogate = Surrogate.fit(
                new FitnessTable(distinct(150, 1).stream()
                        .map(tokens -> new FitnessTable.Row(tokens, 0.5 + CHANCE * random.nextGaussian()))
                        .toList()),
                space);
        assertThat(surrogate.quality().spearman()).isBetween(-0.3, 0.3);
        assertThat(surrogate.quality().explained()).isLessThan(0.1);
    }

    @Test
    void oneFailureDoesNotSpoilItsNeighbors() {
        List<FitnessTable.Row> rows = new ArrayList<>(table(150).rows());
        Surrogate before = Surrogate.fit(new FitnessTable(rows), space);
        rows.set(3, new FitnessTable.Row(rows.get(3).tokens(), 0));
        Surrogate after = Surrogate.fit(new FitnessTable(rows), space);
        for (Tokens tokens : distinct(50, 3)) {
            assertThat(after.accuracy(tokens)).isCloseTo(before.accuracy(tokens), within(0.1));
        }
    }

    @Test
    void theSameChanceComesAgainAndAnotherSeedHasAnother() {
        Surrogate surrogate = Surrogate.fit(table(60), space);
        Evaluator.Request request = new Evaluator.Request(Toy.BEST, 1, Evaluator.Effort.PROXY);
        SurrogateEvaluator evaluator = new SurrogateEvaluator(surrogate, 1);
        double first =
                evaluator.evaluate(request, Path.of("none"), new StopRequest()).accuracy();
        assertThat(evaluator
                        .evaluate(request, Path.of("none"), new StopRequest())
                        .accuracy())
                .isEqualTo(first);
        assertThat(new SurrogateEvaluator(surrogate, 2)
                        .evaluate(request, Path.of("none"), new StopRequest())
                        .accuracy())
                .isNotEqualTo(first);
        assertThat(evaluator.expected(Toy.BEST)).isEqualTo(surrogate.accuracy(Toy.BEST));
    }
}

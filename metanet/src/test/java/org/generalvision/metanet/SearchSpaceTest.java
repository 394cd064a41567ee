package org.generalvision.metanet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.generalvision.nn.Cost;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Laws that hold for every point, tried on random ones. */
class SearchSpaceTest {
    private static final List<SearchSpace> SPACES = List.of(SearchSpace.UNINET, SearchSpace.METANET, SearchSpace.DESK);

    static LongStream seeds() {
        return LongStream.range(0, 30);
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static List<Integer> point(SearchSpace space, RandomGenerator random) {
        List<Integer> tokens = new ArrayList<>();
        for (SearchSpace.Position position : space.positions()) {
            tokens.add(random.nextInt(position.choices().size()));
        }
        return tokens;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void tokensAndLinesAreReadBack(long seed) {
        RandomGenerator random = random(seed);
        for (SearchSpace space : SPACES) {
            List<Integer> tokens = point(space, random);
            Architecture architecture = space.decode(tokens);
            assertThat(space.encode(architecture)).isEqualTo(tokens);
            assertThat(Architecture.parse(architecture.toString())).isEqualTo(architecture);
            assertThat(architecture.toString()).doesNotContain("\n");
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void countsFromSizesAreThoseOfTheBuiltNetwork(long seed) {
        RandomGenerator random = random(seed);
        SearchSpace space = SPACES.get((int) seed % SPACES.size());
        Architecture architecture = space.decode(point(space, random));
        int classes = random.nextInt(3) * 7;
        int height = 1 + random.nextInt(300);
        int width = 1 + random.nextInt(300);
        Cost built = Cost.of(architecture.build(classes), new Shape(1, 3, height, width));
        assertThat(architecture.cost(classes, height, width)).isEqualTo(built);
        assertThat(architecture.params(classes)).isEqualTo(built.parameters());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyPointOfTheDeskSpaceIsTrainedForAStep(long seed) {
        Architecture architecture = SearchSpace.DESK.decode(point(SearchSpace.DESK, random(seed)));
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            MetaNet network = architecture.build(3);
            network.initialize(manager, DataType.FLOAT32);
            Pass pass = Pass.training(Precision.FLOAT32).withTaps();
            NDArray scores = network.forward(manager.randomNormal(new Shape(2, 3, 45, 34)), pass);
            assertThat(scores.getShape()).isEqualTo(new Shape(2, 3));
            assertThat(scores.isNaN().any().getBoolean()).isFalse();
            assertThat(pass.taps()).containsKeys("stride4", "stride8", "stride16", "stride32");
        }
    }

    @Test
    void thePublishedSpaceHasItsPublishedChoicesAndHoldsUniNet() {
        SearchSpace space = SearchSpace.UNINET;
        Architecture b0 = NetworkRecipe.shipped("uninet-b0").architecture();
        assertThat(space.base()).isEqualTo(b0);
        assertThat(space.decode(space.encode(b0))).isEqualTo(b0);
        assertThat(space.positions()).hasSize(25);
        assertThat(space.positions().get(4).choices()).containsExactly("24", "40", "48", "64", "72");
        // The base repeats its first searched stage twice, so that two fewer are none.
        assertThat(space.positions().get(3).choices()).containsExactly("1", "2", "3", "4");
        // Three modules, five operators, five expansions, five widths, and depths.
        assertThat(space.size())
                .isEqualTo(BigInteger.valueOf(3 * 5 * 5 * 5).pow(5).multiply(BigInteger.valueOf(4 * 625)));
    }

    @Test
    void theDeskBaseIsAPointAndSmall() {
        Architecture base = SearchSpace.DESK.base();
        assertThat(SearchSpace.DESK.decode(SearchSpace.DESK.encode(base))).isEqualTo(base);
        Cost cost = base.cost(10, 48, 48);
        assertThat(cost.parameters()).isLessThan(500_000);
        assertThat(cost.macs()).isLessThan(8_000_000);
    }

    @Test
    void tokensOutOfRangeAndNetworksFromElsewhereAreRefused() {
        SearchSpace space = SearchSpace.DESK;
        List<Integer> tokens = new ArrayList<>(space.encode(space.base()));
        assertThatThrownBy(() -> space.decode(tokens.subList(1, 25)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("25 tokens, not 24");
        tokens.set(6, 99);
        assertThatThrownBy(() -> space.decode(tokens))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("operator in stage 2 must be in [0, 7): 99");
        assertThatThrownBy(() -> space.encode(SearchSpace.UNINET.base()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("channels");
        assertThatThrownBy(() -> space.encode(space.base().withDropPath(0.1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not searched");
    }

    @Test
    void spacesWithoutChoiceAreRefused() {
        SearchSpace d = SearchSpace.DESK;
        assertThatThrownBy(() -> new SearchSpace(
                        d.base(),
                        List.of(),
                        d.expansions(),
                        d.channelMultipliers(),
                        d.repeatChanges(),
                        d.downsamplings(),
                        16,
                        4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("operators");
        assertThatThrownBy(() -> new SearchSpace(
                        d.base(),
                        d.operators(),
                        d.expansions(),
                        d.channelMultipliers(),
                        List.of(-2),
                        d.downsamplings(),
                        16,
                        4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("repeatChanges leave no repeats");
    }
}

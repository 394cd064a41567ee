package org.generalvision.metanet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.generalvision.nn.Cost;
import org.generalvision.nn.GradientCheck;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetaNetTest {
    private static final Architecture N = NetworkRecipe.shipped("mn-n").architecture();
    private static final Architecture B4 = NetworkRecipe.shipped("mn-b4").architecture();
    private static final Architecture B15 = NetworkRecipe.shipped("mn-b15").architecture();

    @Test
    void mnB4HasThePublishedParametersAndMultiplyAdds() {
        Cost cost = Cost.of(new MetaNet(B4, 1000), new Shape(1, 3, 224, 224));
        // Size and FLOPs of the model card: 31.7 M, 3.17 G.
        assertThat(cost.parameters()).isEqualTo(31_705_992);
        assertThat(cost.macs() / 1e9).isCloseTo(3.1677, within(5e-5));
        assertThat(stageParameters(cost))
                .containsExactly(4_048L, 163_680L, 2_677_280L, 2_208_880L, 1_795_968L, 23_080_128L);
        assertThat(B4.params(0)).isEqualTo(30_424_992);
    }

    @Test
    void mnB15HasThePublishedSizeAndIsCountedWithoutStorage() {
        Cost cost = Cost.of(new MetaNet(B15, 1000), new Shape(1, 3, 224, 224));
        assertThat(cost.parameters()).isEqualTo(1_003_706_020);
        assertThat(stageParameters(cost))
                .containsExactly(596_696L, 16_639_360L, 89_532_032L, 72_092_992L, 56_835_216L, 764_757_300L);
        assertThat(B15.params(0)).isEqualTo(1_002_425_020);
    }

    // 0.0028 G of B15 are squeeze and excitation of its fused blocks: 29 k in stage 0, 2.75 M in stage 1.
    @ParameterizedTest(name = "{0} px: {1} and {2} GMAC")
    @CsvSource({"192, 2.3069, 101.2050", "224, 3.1677, 137.7206", "256, 4.1801, 179.8541", "288, 5.3523, 227.6053"})
    void multiplyAddsGrowWithTheSquareOfTheTokensWhereAttentionIsAmongTokens(int side, double b4, double b15) {
        Shape input = new Shape(1, 3, side, side);
        assertThat(Cost.of(new MetaNet(B4, 1000), input).macs() / 1e9).isCloseTo(b4, within(5e-5));
        assertThat(Cost.of(new MetaNet(B15, 1000), input).macs() / 1e9).isCloseTo(b15 + 0.00278, within(1e-4));
    }

    private static List<Long> stageParameters(Cost cost) {
        return cost.stages().stream()
                .filter(s -> s.name().startsWith("stages"))
                .map(Cost.Stage::parameters)
                .toList();
    }

    @Test
    void theDeskMemberIsSmall() {
        Cost cost = Cost.of(new MetaNet(N, 0), new Shape(1, 3, 64, 64));
        assertThat(cost.parameters()).isLessThan(800_000);
        assertThat(cost.macs()).isLessThan(15_000_000);
        assertThat(cost.output()).isEqualTo(new Shape(1, 384));
    }

    @ParameterizedTest(name = "{0} x {1} x {2}")
    @CsvSource({"1, 64, 64", "3, 47, 65", "2, 1, 1"})
    void tapsLieAtTheirStrides(int batch, int height, int width) {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            MetaNet network = new MetaNet(N, 7);
            network.initialize(manager, DataType.FLOAT32);
            Pass pass = Pass.evaluation().withTaps();
            NDArray y = network.forward(manager.randomNormal(new Shape(batch, 3, height, width)), pass);
            assertThat(y.getShape()).isEqualTo(new Shape(batch, 7));
            int[] strides = {4, 8, 16, 32};
            int[] channels = {24, 48, 96, 128};
            for (int i = 0; i < 4; i++) {
                NDArray tap = Objects.requireNonNull(pass.taps().get("stride" + strides[i]));
                int s = strides[i];
                assertThat(tap.getShape())
                        .isEqualTo(new Shape(batch, channels[i], (height + s - 1) / s, (width + s - 1) / s));
            }
            assertThat(pass.taps().get("stride16")).isSameAs(pass.taps().get("stages.4"));
        }
    }

    @Test
    void dropPathGrowsLinearlyFromTheFirstBlockToTheLast() {
        assertThat(B15.blocks()).isEqualTo(70);
        List<Double> rates = IntStream.range(0, 6)
                .mapToObj(B15::dropPaths)
                .flatMap(List::stream)
                .toList();
        assertThat(rates).hasSize(70);
        assertThat(rates.get(0)).isZero();
        assertThat(rates.get(69)).isEqualTo(0.3);
        assertThat(rates.get(23)).isCloseTo(0.1, within(1e-12));
        assertThat(B4.withDropPath(0.2).dropPaths(5).get(11)).isEqualTo(0.2);
    }

    @Test
    void gradientsThroughTheWholeDeskMemberAreThoseOfCentralDifferences() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            manager.getEngine().setRandomSeed(11);
            MetaNet network = new MetaNet(N.withDropPath(0.3), 5);
            network.initialize(manager, DataType.FLOAT64);
            NDArray x = manager.randomNormal(new Shape(3, 3, 33, 40), DataType.FLOAT64);
            List<NDArray> variables = List.of(
                    x,
                    parameter(network, "stages.0.blocks.0.project_norm.weight"),
                    parameter(network, "stages.4.blocks.1.scale2.gamma"),
                    parameter(network, "classifier.weight"));
            GradientCheck.of(manager, variables, () -> network.forward(x, Pass.training(Precision.FLOAT32)));
        }
    }

    private static NDArray parameter(MetaNet network, String path) {
        NDArray array =
                Objects.requireNonNull(network.parameters().get(path), path).getArray();
        array.setRequiresGradient(false);
        return array;
    }

    @Test
    void linearWeightsStartTruncatedNormalAndLayerScalesNearZero() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            manager.getEngine().setRandomSeed(1);
            MetaNet network = new MetaNet(N, 10);
            network.initialize(manager, DataType.FLOAT32);
            NDArray qkv = parameter(network, "stages.4.blocks.0.attention.qkv.weight");
            assertThat(qkv.abs().max().getFloat()).isBetween(0.035f, 0.04f);
            assertThat(qkv.mean().getFloat()).isCloseTo(0, within(1e-3f));
            // Deviation of a normal distribution cut off at two deviations: 0.8796 of it.
            assertThat(qkv.square().mean().sqrt().getFloat()).isCloseTo(0.02f * 0.8796f, within(3e-4f));
            assertThat(parameter(network, "stages.4.blocks.0.attention.qkv.bias")
                            .abs()
                            .max()
                            .getFloat())
                    .isZero();
            assertThat(parameter(network, "stages.4.blocks.0.scale1.gamma").toFloatArray())
                    .containsOnly(1e-6f);
        }
    }
}

package org.generalvision.metanet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.generalvision.nn.Cost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetaNetTest {

    @Test
    void mnB4HasThePublishedParametersAndMultiplyAdds() {
        Cost cost = Cost.of(new MetaNet(MetaNetConfig.B4, 1000), new Shape(1, 3, 224, 224));
        // Size and FLOPs of the model card: 31.7 M, 3.17 G.
        assertThat(cost.parameters()).isEqualTo(31_705_992);
        assertThat(cost.macs() / 1e9).isCloseTo(3.1677, within(5e-5));
        assertThat(stageParameters(cost))
                .containsExactly(4_048L, 163_680L, 2_677_280L, 2_208_880L, 1_795_968L, 23_080_128L);
        assertThat(MetaNetConfig.B4.params(0)).isEqualTo(30_424_992);
    }

    @Test
    void mnB15HasThePublishedSizeAndIsCountedWithoutStorage() {
        Cost cost = Cost.of(new MetaNet(MetaNetConfig.B15, 1000), new Shape(1, 3, 224, 224));
        assertThat(cost.parameters()).isEqualTo(1_003_706_020);
        assertThat(cost.macs() / 1e9).isCloseTo(137.721, within(5e-4));
        assertThat(stageParameters(cost))
                .containsExactly(596_696L, 16_639_360L, 89_532_032L, 72_092_992L, 56_835_216L, 764_757_300L);
        assertThat(MetaNetConfig.B15.params(0)).isEqualTo(1_002_425_020);
    }

    @ParameterizedTest(name = "{0} px: {1} and {2} GMAC")
    @CsvSource({"192, 2.3069, 101.205", "256, 4.1801, 179.854", "288, 5.3523, 227.605"})
    void multiplyAddsGrowWithTheSquareOfTheTokensWhereAttentionIsAmongTokens(int side, double b4, double b15) {
        Shape input = new Shape(1, 3, side, side);
        assertThat(Cost.of(new MetaNet(MetaNetConfig.B4, 1000), input).macs() / 1e9)
                .isCloseTo(b4, within(5e-5));
        assertThat(Cost.of(new MetaNet(MetaNetConfig.B15, 1000), input).macs() / 1e9)
                .isCloseTo(b15, within(5e-4));
    }

    private static List<Long> stageParameters(Cost cost) {
        return cost.stages().stream()
                .filter(s -> s.name().startsWith("stages"))
                .map(Cost.Stage::parameters)
                .toList();
    }

    @Test
    void theDeskMemberIsSmall() {
        Cost cost = Cost.of(new MetaNet(MetaNetConfig.N, 1000), new Shape(1, 3, 64, 64));
        cost.stages().forEach(s -> System.err.println(s));
        System.err.println(cost.parameters() + " " + cost.macs());
        assertThat(cost.parameters()).isLessThan(1_000_000);
        assertThat(cost.macs()).isLessThan(15_000_000);
    }
}

package org.generalvision.metanet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.generalvision.recipe.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureLineTest {
    @Test
    void aLineIsReadAndWrittenBack() {
        String line = "stem_c32 mbconv_e1_s1_r1_c24 l-dsm+conv_e4_s2_r2_c48 g-dsm+mlp_e2_s2_r1_c64_h16_w7"
                + " lsa_e2_s1_r1_c64_h32_w7 xca_e5_s2_r8_c256_h32 head_c1280_d0.3";
        Architecture architecture = Architecture.parse(line);
        assertThat(architecture.toString()).isEqualTo(line);
        assertThat(architecture.stem()).isEqualTo(32);
        assertThat(architecture.featureWidth()).isEqualTo(1280);
        assertThat(architecture.dropPath()).isEqualTo(0.3);
        assertThat(architecture.stride()).isEqualTo(16);
        assertThat(architecture.stages().get(2))
                .isEqualTo(new Stage(Downsampling.G_DSM, Operator.MLP, 2, 2, 1, 64, 16, 7));
    }

    @Test
    void spacesOrderAndTheOtherNameOfTheDepthwiseBlockDoNotMatter() {
        Architecture written = Architecture.parse("stem_c8 mbconv_e4_s2_r2_c16 head_c32");
        assertThat(Architecture.parse("  stem_c8\n  L-DSM+DWConv_c16_r2_s2_e4\n head_c32 ")
                        .stages())
                .containsExactly(new Stage(Downsampling.L_DSM, Operator.MBCONV, 4, 2, 2, 16, 0, 0));
        assertThat(Architecture.parse("stem_c8 in-block+mbconv_e4_s2_r2_c16 head_c32_d0"))
                .isEqualTo(written);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "stem_c8 head_c16 | needs a stem, stages and a head",
                "mbconv_e4_s2_r2_c16 mbconv_e4_s2_r2_c16 head_c16 | stem must be",
                "stem_c8 mbconv_e4_s2_r2_c16 mbconv_e4_s2_r2_c16 | head must be",
                "stem_c8 mbconv_e4_s2_r2 head_c16 | lacks the number c",
                "stem_c8 mbconv_e4_s2_r2_c16_k3 head_c16 | only these are known there: e s r c h w",
                "stem_c8 mbconv_e4_s2_r2_c16_c16 head_c16 | its letter twice",
                "stem_c8 mbconv_e4_s2_r2_cx head_c16 | whole number of at most six digits: x",
                "stem_c8 mbconv_e4_s2_r2_c99999999 head_c16 | whole number of at most six digits",
                "stem_c8 mbconv_e4_s3_r2_c16 head_c16 | 'mbconv_e4_s3_r2_c16': stride must be from 1 to 2: 3",
                "stem_c8 mbconv_e0_s2_r2_c16 head_c16 | expansion must be from 1 to 64: 0",
                "stem_c8 mbcnv_e4_s2_r2_c16 head_c16 | did you mean mbconv?",
                "stem_c8 lgdms+sa_e4_s2_r2_c16_h8 head_c16 | did you mean lg-dsm?",
                "stem_c8 mbconv_e4_s2_r2_c16_h8 head_c16 | headWidth must be left out",
                "stem_c8 sa_e4_s2_r2_c16 head_c16 | headWidth must be from 1 to 16: 0",
                "stem_c8 lsa_e4_s2_r2_c16_h8 head_c16 | window must be from 1 to 64: 0",
                "stem_c8 sa_e4_s2_r2_c20_h8 head_c16 | 8 does not divide 20",
                "stem_c12 sa_e4_s2_r1_c16_h8 head_c16 | 8 does not divide 12",
                "stem_c8 lg-dsm+mbconv_e4_s2_r2_c20_h8 head_c16 | 8 does not divide 20",
                "stem_c0 mbconv_e4_s2_r2_c16 head_c16 | stem must be from 1",
                "stem_c8 mbconv_e4_s2_r2_c16 head_c16_d1 | dropPath must be in [0, 1): 1.0",
                "stem_c8 mbconv_e4_s2_r2_c16 head_c16_dx | must be a rate",
            })
    void whatCannotBeIsRefusedWithTheRule(String line, String message) {
        assertThatThrownBy(() -> Architecture.parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aLineBeyondAllMeasureIsRefused() {
        assertThatThrownBy(() -> Architecture.parse("stem_c8 " + "mbconv_e4_s2_r2_c16 ".repeat(20) + "head_c16"))
                .hasMessageContaining("stages must be from 1 to 16: 20");
        assertThatThrownBy(() -> Architecture.parse("stem_c8 " + " ".repeat(5000) + "head_c16"))
                .hasMessageContaining("at most 4,096 characters");
    }

    @Test
    void inARecipeTheLineIsTheValueAndAMistakeNamesItsPlace() {
        String yaml = "architecture: %s\nclasses: 5\nresolution: 48\nsource: here\n";
        NetworkRecipe recipe = Recipe.of("x", "x.yaml", yaml.formatted("stem_c8 mbconv_e4_s2_r2_c16 head_c32"))
                .as(NetworkRecipe.class);
        assertThat(recipe.architecture().stages()).isEqualTo(List.of(Stage.of(Operator.MBCONV, 4, 2, 2, 16)));
        assertThatThrownBy(() -> Recipe.of("x", "x.yaml", yaml.formatted("stem_c8 mbconv_e4_s2_r2 head_c32"))
                        .as(NetworkRecipe.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x.yaml")
                .hasMessageContaining("architecture")
                .hasMessageContaining("lacks the number c");
    }
}

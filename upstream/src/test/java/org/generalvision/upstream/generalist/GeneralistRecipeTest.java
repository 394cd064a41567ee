package org.generalvision.upstream.generalist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.generalvision.nn.Layer;
import org.generalvision.recipe.Recipe;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneralistRecipeTest {
    private static final List<String> TASKS = List.of("clipart", "boxes", "pixels", "depth");

    private static Generalist network(UpstreamRecipe recipe) {
        if (recipe instanceof UpstreamRecipe.GeneralistSoft soft) {
            return soft.training().network(soft.network());
        }
        UpstreamRecipe.GeneralistHard hard = (UpstreamRecipe.GeneralistHard) recipe;
        return hard.training().network(hard.model());
    }

    @ParameterizedTest
    @ValueSource(strings = {"generalist-soft-desk", "generalist-hard-desk"})
    void everyGeneralistBuildsItsNetworkAndItsGroupsHoldEachParameterOnce(String name) {
        Recipe recipe = Recipe.load(name);
        UpstreamRecipe typed = recipe.as(UpstreamRecipe.class);
        Generalist network = network(typed);
        List<String> trained = network.parameters().entrySet().stream()
                .filter(e -> !Layer.isBuffer(e.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        typed.train().optimizer().requireGroupsFit(trained);
        TASKS.forEach(task -> assertThat(network.head(task)).isNotNull());
        assertThat(Recipe.of(name, "printed", recipe.text()).as(UpstreamRecipe.class))
                .isEqualTo(typed);
        assertThat(typed.train().accumulation()).isEqualTo(TASKS.size());
    }

    @Test
    void bothModesSeeTheSameData() {
        UpstreamRecipe.GeneralistSoft soft = (UpstreamRecipe.GeneralistSoft)
                Recipe.load("generalist-soft-desk").as(UpstreamRecipe.class);
        UpstreamRecipe.GeneralistHard hard = (UpstreamRecipe.GeneralistHard)
                Recipe.load("generalist-hard-desk").as(UpstreamRecipe.class);
        assertThat(soft.dataSets()).isEqualTo(hard.dataSets());
        assertThat(soft.dataSets().stream().map(ExpertDataSet::name)).containsExactlyElementsOf(TASKS);
        assertThat(soft.loader()).isEqualTo(hard.loader());
        assertThat(soft.evaluation()).isEqualTo(hard.evaluation());
        assertThat(soft.train().steps()).isEqualTo(hard.train().steps());
        assertThat(soft.transfer()).isEqualTo(new TransferConfig(List.of(4, 8, 16), 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "branches.0.expertHeads={boxes: x}  | branches.0.expertHeads",
                "transfer.innerNorm=-1              | transfer.innerNorm: innerNorm must lie in [0, 1]: -1.0",
                "transfer.strides=[4, 6]            | transfer.strides: strides must be at least one, each a power of two",
                "balance.weights.depth=0            | balance.weights: weights must be positive numbers, but that of depth is 0.0",
                "balance.kind=gradnorm              | balance.kind is unknown: gradnorm",
            })
    void valuesOutsideTheirRangeAreRefusedByName(String override, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recipe.load("generalist-soft-desk")
                        .with(List.of(override))
                        .as(UpstreamRecipe.class))
                .withMessageContaining(message);
    }
}

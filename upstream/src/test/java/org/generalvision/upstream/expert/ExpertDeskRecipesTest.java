package org.generalvision.upstream.expert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.generalvision.data.scene.SceneRecipe;
import org.generalvision.nn.Layer;
import org.generalvision.recipe.Recipe;
import org.generalvision.upstream.UpstreamRecipe;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpertDeskRecipesTest {
    @ParameterizedTest
    @ValueSource(strings = {"classification", "detection", "segmentation", "depth"})
    void aDeskRecipeIsReadBuildsItsModelAndEachStepSeesAllItsData(String task) {
        Recipe recipe = Recipe.load("expert-%s-desk".formatted(task));
        UpstreamRecipe.Expert expert = (UpstreamRecipe.Expert) recipe.as(UpstreamRecipe.class);
        List<String> trained = new ExpertModel(expert.model(), expert.dataSets(), 1)
                .parameters().entrySet().stream()
                        .filter(e -> !Layer.isBuffer(e.getValue()))
                        .map(java.util.Map.Entry::getKey)
                        .toList();
        expert.train().optimizer().requireGroupsFit(trained);
        HeadTraining training =
                new HeadTraining(expert.dataSets(), expert.loader(), expert.evaluation(), expert.train());
        assertThat(training.dataSets()).hasSize(task.equals("classification") ? 2 : 1);
        assertThat(Recipe.of(recipe.name(), "printed", recipe.text()).as(UpstreamRecipe.class))
                .isEqualTo(expert);
    }

    /** So that nothing is pasted into the scenes that is neither to be found nor background. */
    @ParameterizedTest
    @ValueSource(strings = {"detection", "segmentation"})
    void theClassesAreThoseOfTheScenes(String task) {
        UpstreamRecipe.Expert expert = (UpstreamRecipe.Expert)
                Recipe.load("expert-%s-desk".formatted(task)).as(UpstreamRecipe.class);
        SceneRecipe scenes = Recipe.load("scenes-few-desk").as(SceneRecipe.class);
        assertThat(expert.dataSets().get(0).task().vocabulary().classes())
                .containsExactlyElementsOf(scenes.scene().classes().keySet());
    }
}

package org.generalvision.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.Features;
import org.generalvision.upstream.expert.HeadedCheckpoint;
import org.generalvision.upstream.generalist.Squares;
import org.generalvision.weights.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadedCheckpointTest {
    @Test
    void anExpertIsOpenedWithItsWeightsFrozenAndInEvaluation(@TempDir Path folder) {
        Recipe recipe = Squares.expert(Squares.write(folder.resolve("data")));
        Checkpoint trained = Squares.run(recipe, folder.resolve("run"));
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsFile weights = SafetensorsFile.open(trained.model())) {
            HeadedCheckpoint opened = UpstreamRecipe.openHeaded(folder.resolve("run"), manager);
            SortedMap<String, Parameter> parameters = opened.network().layer().parameters();
            assertThat(parameters.keySet()).isEqualTo(weights.names());
            parameters.forEach(
                    (name, parameter) -> assertThat(parameter.getArray().contentEquals(weights.read(name, manager)))
                            .as(name)
                            .isTrue());
            assertThat(parameters.values()).noneMatch(p -> p.requiresGradient());
            assertThat(opened.dataSets().stream().map(ExpertDataSet::name))
                    .containsExactly("classes", "boxes", "pixels", "depth");
            assertThat(opened.pass().training()).isFalse();
            NDArray images = manager.ones(new Shape(2, 3, 64, 64));
            Features features = opened.network().features("classes", images, opened.pass());
            assertThat(features.pooled().getShape().get(0)).isEqualTo(2);
            assertThat(opened.checkpoint()).isEqualTo(trained);
        }
    }

    @Test
    void aCheckpointOfAnotherStageAndAFolderWithoutOneAreRefused(@TempDir Path folder) throws IOException {
        Recipe amateur = Recipe.load("amateur-desk");
        try (NDManager manager = NDManager.newBaseManager()) {
            Files.createDirectories(folder.resolve("step-00000001"));
            Files.writeString(folder.resolve("step-00000001/recipe.yaml"), amateur.text());
            Checkpoint checkpoint = new Checkpoint(folder.resolve("step-00000001"), 1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> amateur.as(UpstreamRecipe.class).open(checkpoint, manager))
                    .withMessageContaining("is of kind amateur");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> UpstreamRecipe.openHeaded(folder, manager))
                    .withMessageContaining("neither a complete checkpoint");
        }
    }
}

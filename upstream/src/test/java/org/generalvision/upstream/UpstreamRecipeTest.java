package org.generalvision.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.generalvision.data.load.MultiLabelImages;
import org.generalvision.nn.Layer;
import org.generalvision.recipe.Recipe;
import org.generalvision.upstream.amateur.ImageTextModel;
import org.generalvision.upstream.amateur.SynonymsConfig;
import org.generalvision.upstream.amateur.TokenizerConfig;
import org.generalvision.upstream.expert.ExpertModel;
import org.generalvision.upstream.expert.ExpertTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamRecipeTest {
    static Stream<String> shipped() {
        return Stream.of(
                "amateur-desk",
                "amateur-packages-desk",
                "clip-desk",
                "amateur-yfcc15m-r50",
                "clip-yfcc15m-r50",
                "amateur-yfcc15m-vit-b32",
                "clip-yfcc15m-vit-b32",
                "amateur-88m-r50",
                "amateur-88m-vit-b32",
                "local-desk",
                "local-yfcc15m-r50");
    }

    /** The network that a recipe trains; not allocated, so that the large ones fit too. */
    private static Layer model(UpstreamRecipe recipe) {
        return ((UpstreamRecipe.ImageText) recipe).network(vocabularySize(recipe));
    }

    private static int vocabularySize(UpstreamRecipe recipe) {
        if (recipe instanceof UpstreamRecipe.Amateur amateur) {
            return vocabularySize(amateur.data().tokenizer());
        }
        return recipe instanceof UpstreamRecipe.Clip clip
                ? vocabularySize(clip.data().tokenizer())
                : 2048; // that of a start, which the recipe does not name
    }

    private static int vocabularySize(TokenizerConfig config) {
        return config instanceof TokenizerConfig.Learned learned ? learned.vocabularySize() : 49_409;
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyShippedRecipeBuildsItsModelAndItsGroupsHoldEachParameterOnce(String name) {
        Recipe recipe = Recipe.load(name);
        UpstreamRecipe typed = recipe.as(UpstreamRecipe.class);
        List<String> trained = model(typed).parameters().entrySet().stream()
                .filter(e -> !Layer.isBuffer(e.getValue()) && e.getValue().requiresGradient())
                .map(java.util.Map.Entry::getKey)
                .toList();
        assertThat(trained).anyMatch(path -> path.startsWith("image."));
        // The local stage leaves the space of texts as it is; the others learn it.
        assertThat(trained.contains("text.positional_embedding")).isNotEqualTo(typed instanceof UpstreamRecipe.Local);
        assertThat(trained.contains("logit_scale")).isNotEqualTo(typed instanceof UpstreamRecipe.Local);
        typed.train().optimizer().requireGroupsFit(trained);
        assertThat(Recipe.of(name, "printed", recipe.text()).as(UpstreamRecipe.class))
                .isEqualTo(typed);
    }

    @Test
    void theShippedRecipesAreTheTestedOnes() {
        assertThat(Recipe.names()).containsAll(shipped().toList());
        assertThat(Recipe.names().stream()
                        .filter(n -> n.startsWith("amateur-") || n.startsWith("clip-") || n.startsWith("local-")))
                .containsExactlyInAnyOrderElementsOf(shipped().toList());
    }

    @Test
    void thePublishedNetworksHaveThePublishedSizes() {
        UpstreamRecipe.Clip clip =
                (UpstreamRecipe.Clip) Recipe.load("clip-yfcc15m-r50").as(UpstreamRecipe.class);
        long parameters = new ImageTextModel(clip.model(), 49_408)
                .parameters().values().stream()
                        .filter(p -> !Layer.isBuffer(p))
                        .mapToLong(p -> p.getShape().size())
                        .sum();
        // openai/CLIP's RN50 with its vocabulary of 49,408: 102,007,137 parameters.
        assertThat(parameters).isEqualTo(102_007_137);
        UpstreamRecipe.Amateur declip =
                (UpstreamRecipe.Amateur) Recipe.load("amateur-yfcc15m-r50").as(UpstreamRecipe.class);
        assertThat(declip.objective().queueSize()).isEqualTo(65_536);
        assertThat(declip.train().optimizer()).isEqualTo(clip.train().optimizer());
        assertThat(declip.model()).isEqualTo(clip.model());
    }

    @Test
    void theDeskBaselineDiffersFromDeclipInViewsAndLossesAlone() {
        UpstreamRecipe.Amateur declip =
                (UpstreamRecipe.Amateur) Recipe.load("amateur-desk").as(UpstreamRecipe.class);
        UpstreamRecipe.Clip clip =
                (UpstreamRecipe.Clip) Recipe.load("clip-desk").as(UpstreamRecipe.class);
        assertThat(clip.train()).isEqualTo(declip.train());
        assertThat(clip.model()).isEqualTo(declip.model());
        assertThat(clip.evaluation()).isEqualTo(declip.evaluation());
        assertThat(clip.data().loader()).isEqualTo(declip.data().loader());
        assertThat(clip.data().tokenizer()).isEqualTo(declip.data().tokenizer());
    }

    @Test
    void aLocalRecipeHasTheTowersAndTheEvaluationOfTheAmateurThatItStartsFrom() {
        requireSameTowers("amateur-desk", "local-desk");
        requireSameTowers("amateur-yfcc15m-r50", "local-yfcc15m-r50");
    }

    private static void requireSameTowers(String global, String stage) {
        UpstreamRecipe.Amateur amateur =
                (UpstreamRecipe.Amateur) Recipe.load(global).as(UpstreamRecipe.class);
        UpstreamRecipe.Local local = (UpstreamRecipe.Local) Recipe.load(stage).as(UpstreamRecipe.class);
        assertThat(local.model()).isEqualTo(amateur.model());
        assertThat(local.evaluation()).isEqualTo(amateur.evaluation());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "objective.keep=-1                   | keep must not be negative",
                "objective.momentum.start=1          | start must lie in [0, 1): 1.0",
                "objective.network.bins=0            | bins must be positive: 0",
                "objective.network.canonicalSide=0   | canonicalSide must be positive and finite: 0.0",
                "data.views.first.crop={kind: center-crop, shortSide: 48, size: 48} | first.crop must be of kind whole-image",
                "data.regions.number=0               | number must be positive: 0",
                "data.search.longestSide=1           | longestSide must be at least 16: 1",
                "regions.stride=0                    | stride must be positive: 0",
            })
    void valuesOfTheLocalStageOutsideTheirRangeAreRefusedByName(String override, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Recipe.load("local-desk").with(List.of(override)).as(UpstreamRecipe.class))
                .withMessageContaining(message);
    }

    @Test
    void anExpertIsReadAndItsGroupsHoldEachParameterOnce() {
        Recipe recipe = Recipe.load("src/test/resources/recipes/expert.yaml");
        UpstreamRecipe.Expert expert = (UpstreamRecipe.Expert) recipe.as(UpstreamRecipe.class);
        List<String> trained = new ExpertModel(expert.model(), expert.dataSets(), 1)
                .parameters().entrySet().stream()
                        .filter(e -> !Layer.isBuffer(e.getValue()))
                        .map(java.util.Map.Entry::getKey)
                        .toList();
        assertThat(trained)
                .contains(
                        "image.stem.conv.weight",
                        "pyramid.inner_blocks.0.0.weight",
                        "heads.clipart.fc.weight",
                        "heads.scenes.roi_heads.mask_predictor.mask_fcn_logits.weight");
        expert.train().optimizer().requireGroupsFit(trained);
        assertThat(Recipe.of("expert", "printed", recipe.text()).as(UpstreamRecipe.class))
                .isEqualTo(expert);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recipe.with(List.of("dataSets.1.task.proposals.suppression.threshold=2"))
                        .as(UpstreamRecipe.class))
                .withMessageContaining("dataSets.1.task.proposals.suppression");
    }

    @Test
    void aMultiLabelTaskNamesALabelSystemAndItsCollections() {
        Recipe recipe = Recipe.load("src/test/resources/recipes/expert.yaml")
                .with(
                        List.of(
                                "dataSets.0.task={kind: multi-label, labels: corpora/labels, sources: "
                                        + "{openclipart: {dataSet: clipart, looked: all}, openimages: {dataSet: boxable, looked: named}}}"));
        UpstreamRecipe.Expert expert = (UpstreamRecipe.Expert) recipe.as(UpstreamRecipe.class);
        assertThat(expert.dataSets().get(0).task())
                .isEqualTo(new ExpertTask.MultiLabel(
                        Path.of("corpora/labels"),
                        java.util.Map.of(
                                "openclipart", new MultiLabelImages.Source("clipart", MultiLabelImages.Looked.ALL),
                                "openimages", new MultiLabelImages.Source("boxable", MultiLabelImages.Looked.NAMED))));
        assertThat(Recipe.of("expert", "printed", recipe.text()).as(UpstreamRecipe.class))
                .isEqualTo(expert);
    }

    @ParameterizedTest
    @ValueSource(strings = {"amateur-desk", "clip-desk"})
    void aPairAloneInItsBatchIsRefused(String name) {
        Recipe recipe = Recipe.load(name);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> recipe.with(List.of("data.loader.batchSize=1")).as(UpstreamRecipe.class))
                .withMessageContaining("data: loader.batchSize must be at least 2, since")
                .withMessageEndingWith("make batches larger: 1");
        assertThat(recipe.with(List.of("data.loader.batchSize=2")).as(UpstreamRecipe.class))
                .isInstanceOf(UpstreamRecipe.ImageText.class);
    }

    @Test
    void synonymsNeedATextViewThatDrawsThem() {
        Recipe named =
                Recipe.load("amateur-desk").with(List.of("data.synonyms={labels: corpora/labels, language: en}"));
        UpstreamRecipe.Amateur typed = (UpstreamRecipe.Amateur) named.as(UpstreamRecipe.class);
        assertThat(typed.data().synonyms()).isEqualTo(new SynonymsConfig(Path.of("corpora/labels"), "en"));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> named.with(List.of("data.textViews.1.synonym=0")).as(UpstreamRecipe.class))
                .withMessageContaining("synonyms names a label system, but synonym is 0 in all textViews");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model.image=mn-x                    | mn-x",
                "model.text.width=130                | model.text.width: width must be a positive multiple of numHeads: 130 and 4",
                "model.logitScale.max=6              | model.logitScale.max: max must be at most log(100)",
                "objective.queueSize=0               | objective.queueSize: queueSize must be positive: 0",
                "objective.weights.multiView=-1      | objective.weights.multiView: multiView must not be negative: -1.0",
                "objective.masking.probability=1     | objective.masking.probability: probability must lie in [0, 1): 1.0",
                "data.tokenizer.vocabularySize=100   | data.tokenizer.vocabularySize: vocabularySize must be at least 515: 100",
                "data.synonyms=none                  | data.synonyms must be a group of keys",
                "data.synonyms={labels: x}           | language",
                "data.synonyms={labels: x, language: ''} | data.synonyms.language: language must name a language",
                "data.textViews.1.synonym=2          | data.textViews.1.synonym: synonym must lie in [0, 1]: 2.0",
                "data.loader.batchSize=0             | data.loader.batchSize: batchSize must be positive: 0",
                "train.steps=0                       | train.steps: steps must be positive: 0",
                "train.optimizer.learningRate=-1     | train.optimizer.learningRate: optimizer.learningRate must be positive: -1.0",
                "train.schedule.kind=cosin           | train.schedule.kind is unknown: cosin; did you mean cosine?",
                "evaluation.retrieval.0.nam=x        | did you mean name?",
            })
    void valuesOutsideTheirRangeAreRefusedByName(String override, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Recipe.load("amateur-desk").with(List.of(override)).as(UpstreamRecipe.class))
                .withMessageContaining(message);
    }
}

package org.generalvision.upstream.amateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.data.label.Concept;
import org.generalvision.data.label.Kind;
import org.generalvision.data.label.LabelDirectory;
import org.generalvision.data.label.LabelSystem;
import org.generalvision.data.label.Morphology;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.nn.Layer;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.OptimizerConfig;
import org.generalvision.train.ParameterGroup;
import org.generalvision.train.Schedule;
import org.generalvision.train.TrainConfig;
import org.generalvision.upstream.UpstreamRecipe;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The recipes of the published runs of DeCLIP and CLIP: their settings are those of Sense-GVT/DeCLIP, and each can train. */
class PublishedRecipesTest {
    private static final int VOCABULARY = 49_409;
    private static final int SIDE = 96;

    @TempDir
    private static Path data = Path.of("");

    @TempDir
    Path run;

    @BeforeAll
    static void writeFixture() {
        Squares squares = Squares.of(Captions.ALL.toArray(String[]::new));
        try (ShardWriter writer = ShardWriter.create(data.resolve("pairs"), ShardWriter.DEFAULT_SHARD_BYTES)) {
            for (long i = 0; i < squares.size(); i++) {
                writer.add(squares.get(i));
            }
            writer.finish();
        }
        List<Concept.Name> names = List.of(new Concept.Name("car", "en"), new Concept.Name("motorcar", "en"));
        LabelDirectory.create(
                data.resolve("labels"),
                LabelSystem.of(List.of(new Concept("car", Kind.OBJECT, List.of(), names, List.of(), ""))),
                Morphology.REGULAR,
                "test");
    }

    private static UpstreamRecipe.ImageText load(String name) {
        return (UpstreamRecipe.ImageText) Recipe.load(name).as(UpstreamRecipe.class);
    }

    private static UpstreamRecipe.Amateur declip(String name) {
        return (UpstreamRecipe.Amateur) load(name);
    }

    private static UpstreamRecipe.Clip clip(String name) {
        return (UpstreamRecipe.Clip) load(name);
    }

    private static ImageTextData pairs(UpstreamRecipe.ImageText recipe) {
        return recipe instanceof UpstreamRecipe.Amateur amateur
                ? amateur.data()
                : ((UpstreamRecipe.Clip) recipe).data();
    }

    private static int chunkSize(UpstreamRecipe.ImageText recipe) {
        return recipe instanceof UpstreamRecipe.Amateur amateur
                ? amateur.objective().chunkSize()
                : ((UpstreamRecipe.Clip) recipe).objective().chunkSize();
    }

    /** The pairs of a chunk are those that share the statistics of batch norms: 16 GPUs of 128, or all 32. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "amateur-88m-r50         | clip-resnet50 | 1024 | 1e-3 | 0.2  | 2500 | 275000 | 10240 | 2048",
                "amateur-88m-vit-b32     | vit-b32       | 3072 | 1e-3 | 0.2  | 5000 | 300001 | 10240 | 2048",
                "amateur-yfcc15m-r50     | clip-resnet50 | 1024 | 1e-4 | 1e-3 | 2500 | 128001 | 4096  | 4096",
                "amateur-yfcc15m-vit-b32 | vit-b32       | 512  | 1e-4 | 1e-3 | 2500 | 128001 | 4096  | 4096",
                "clip-yfcc15m-r50        | clip-resnet50 | 1024 | 1e-4 | 1e-3 | 2500 | 128001 | 4096  | 4096",
                "clip-yfcc15m-vit-b32    | vit-b32       | 512  | 1e-4 | 1e-3 | 2500 | 128001 | 4096  | 4096",
            })
    void towersRatesAndBatchesAreThePublishedOnes(
            String name,
            String image,
            int embedding,
            double start,
            double peak,
            long warmup,
            long steps,
            int batch,
            int chunk) {
        UpstreamRecipe.ImageText recipe = load(name);
        ImageTextModel.Config model = recipe.model();
        assertThat(model.image()).isEqualTo(image);
        assertThat(model.resolution()).isEqualTo(224);
        assertThat(model.dropPath()).isZero();
        assertThat(model.embeddingWidth()).isEqualTo(embedding);
        assertThat(model.text()).isEqualTo(new TextTower.Config(512, 12, 8, 77, 0));
        assertThat(model.logitScale().start()).isCloseTo(Math.log(1 / 0.07), within(1e-4));
        assertThat(model.logitScale().min()).isEqualTo(3);
        assertThat(model.logitScale().max()).isCloseTo(Math.log(100), within(1e-4));

        TrainConfig train = recipe.train();
        assertThat(train.optimizer().learningRate()).isEqualTo(peak);
        assertThat(train.schedule()).isEqualTo(new Schedule.WarmCosine(start / peak, warmup, 0));
        assertThat(train.steps()).isEqualTo(steps);
        assertThat(pairs(recipe).loader().batchSize() * train.accumulation()).isEqualTo(batch);
        assertThat(chunkSize(recipe)).isEqualTo(chunk);
        pairs(recipe).requireChunks(chunk);
        assertThat(train.clipNorm()).isZero();
        assertThat(train.emaDecay()).isZero();
        assertThat(train.freeze()).isEmpty();
    }

    @Test
    void theLargerRunsUseNesterovsMomentumAndTheScaleHasARateOfItsOwn() {
        UpstreamRecipe.Amateur resnet = declip("amateur-88m-r50");
        // 1e-4 where the others begin at 1e-3, with the decay of all.
        assertThat(resnet.train().optimizer()).isEqualTo(sgd(1e-4, 0.1, 1e-4));
        assertThat(declip("amateur-88m-vit-b32").train().optimizer()).isEqualTo(sgd(0, 0, 0));
        // 32 epochs of 88 million pairs.
        assertThat(resnet.train().steps() * resnet.data().loader().batchSize()).isEqualTo(32 * 88_000_000L);
    }

    private static OptimizerConfig sgd(double decay, double scaleRate, double scaleDecay) {
        return new OptimizerConfig.Sgd(
                0.2,
                0.9,
                true,
                List.of(
                        new ParameterGroup(List.of("**", "!logit_scale"), 1, decay),
                        new ParameterGroup(List.of("logit_scale"), scaleRate, scaleDecay)));
    }

    /** Norms, biases and the scale, which alone are vectors, do not decay. */
    @ParameterizedTest
    @ValueSource(
            strings = {"amateur-yfcc15m-r50", "amateur-yfcc15m-vit-b32", "clip-yfcc15m-r50", "clip-yfcc15m-vit-b32"})
    void theRunsOnYfcc15mUseAdamW(String name) {
        UpstreamRecipe.ImageText recipe = load(name);
        OptimizerConfig.AdamW adam = (OptimizerConfig.AdamW) recipe.train().optimizer();
        assertThat(List.of(adam.beta1(), adam.beta2(), adam.epsilon())).containsExactly(0.9, 0.98, 1e-8);
        assertThat(adam.groups()).extracting(ParameterGroup::learningRate).containsExactly(1.0, 1.0);
        assertThat(adam.groups()).extracting(ParameterGroup::weightDecay).containsExactly(0.1, 0.0);
        List<String> matrices = new ArrayList<>();
        List<String> vectors = new ArrayList<>();
        recipe.network(VOCABULARY).parameters().forEach((path, parameter) -> {
            if (!Layer.isBuffer(parameter)) {
                (parameter.getShape().dimension() > 1 ? matrices : vectors).add(path);
            }
        });
        only(adam, 0).requireGroupsFit(matrices);
        only(adam, 1).requireGroupsFit(vectors);
        adam.requireGroupsFit(java.util.stream.Stream.concat(matrices.stream(), vectors.stream())
                .toList());
    }

    private static OptimizerConfig only(OptimizerConfig.AdamW adam, int group) {
        return new OptimizerConfig.AdamW(
                adam.learningRate(),
                adam.beta1(),
                adam.beta2(),
                adam.epsilon(),
                List.of(adam.groups().get(group)));
    }

    @ParameterizedTest
    @CsvSource({
        "amateur-88m-r50, 0.4",
        "amateur-88m-vit-b32, 0.6",
        "amateur-yfcc15m-r50, 0.4",
        "amateur-yfcc15m-vit-b32, 0.4",
    })
    void lossesOfDeclipAreThePublishedOnes(String name, double contrast) {
        UpstreamRecipe.Amateur recipe = declip(name);
        assertThat(recipe.objective())
                .isEqualTo(new AmateurConfig(
                        new LossWeights(contrast, 0.2, 0.2, 0.2),
                        65_536,
                        true,
                        recipe.objective().chunkSize(),
                        new SimSiam.Config(1024, 512),
                        new TokenMasking(0.15, 0.8, 0.1)));
        assertThat(recipe.data().synonyms()).isEqualTo(new SynonymsConfig(Path.of("data/labels"), "en"));
        assertThat(recipe.data().imageViews())
                .isEqualTo(declip("amateur-yfcc15m-r50").data().imageViews());
        assertThat(recipe.data().textViews())
                .isEqualTo(declip("amateur-yfcc15m-r50").data().textViews());
    }

    @ParameterizedTest
    @ValueSource(strings = {"r50", "vit-b32"})
    void aBaselineDiffersFromDeclipInViewsAndLossesAlone(String network) {
        UpstreamRecipe.Amateur declip = declip("amateur-yfcc15m-" + network);
        UpstreamRecipe.Clip clip = clip("clip-yfcc15m-" + network);
        assertThat(clip.model()).isEqualTo(declip.model());
        assertThat(clip.train()).isEqualTo(declip.train());
        assertThat(clip.evaluation()).isEqualTo(declip.evaluation());
        assertThat(clip.data().train()).isEqualTo(declip.data().train());
        assertThat(clip.data().loader()).isEqualTo(declip.data().loader());
        assertThat(clip.data()).isEqualTo(clip("clip-yfcc15m-r50").data());
        assertThat(clip.objective()).isEqualTo(new ClipConfig(true, 4096));
    }

    /** The image tower is whole and reads smaller pictures; the text tower has one layer of twelve. */
    @ParameterizedTest
    @CsvSource({
        "amateur-88m-r50, 2, 1e-3",
        "amateur-88m-vit-b32, 2, 1e-3",
        "amateur-yfcc15m-r50, 4, 1e-4",
        "amateur-yfcc15m-vit-b32, 4, 1e-4",
        "clip-yfcc15m-r50, 4, 1e-4",
        "clip-yfcc15m-vit-b32, 4, 1e-4",
    })
    void trainsOneStepOnAFixtureOfItsLayout(String name, int chunk, double rate) throws IOException {
        boolean declip = name.startsWith("amateur");
        Checkpoint checkpoint =
                org.generalvision.upstream.generalist.Squares.run(small(name, declip, chunk), run.resolve("run"));
        assertThat(checkpoint.step()).isEqualTo(1);
        assertThat(checkpoint.evaluation().keySet()).anyMatch(metric -> metric.startsWith("retrieval/"));
        JsonNode metrics = new ObjectMapper()
                .readTree(Files.readAllLines(run.resolve("run/metrics.jsonl")).get(0));
        for (String loss :
                declip ? List.of("multiView", "nearestNeighbor", "imageSelf", "textSelf") : List.of("contrast")) {
            assertThat(metrics.has("loss/" + loss)).as(loss).isTrue();
        }
        assertThat(metrics.get("gradientNorm").asDouble()).isPositive();
        assertThat(metrics.get("learningRate").asDouble()).isCloseTo(rate, within(1e-12));
    }

    private static Recipe small(String name, boolean declip, int chunk) {
        String fixture = "{kind: shards, directory: '" + data.resolve("pairs") + "'}";
        List<String> overrides = new ArrayList<>(List.of(
                "data.train=" + fixture,
                "data.tokenizer={kind: learned, vocabularySize: 515}",
                "data.loader.batchSize=4",
                "data.loader.workers=1",
                "model.resolution=" + SIDE,
                "model.text.numLayers=1",
                "objective.chunkSize=" + chunk,
                "evaluation.view.crop={kind: center-crop, shortSide: %d, size: %d}".formatted(SIDE, SIDE),
                "evaluation.retrieval.0.data=" + fixture,
                "evaluation.loader.batchSize=4",
                "evaluation.loader.workers=1",
                "train.steps=1",
                "train.logEvery=1",
                "train.precision=float32",
                "train.device=cpu"));
        for (int view = 0; view < (declip ? 2 : 1); view++) {
            overrides.add("data.imageViews.%d.crop.height=%d".formatted(view, SIDE));
            overrides.add("data.imageViews.%d.crop.width=%d".formatted(view, SIDE));
        }
        if (declip) {
            overrides.add("data.synonyms.labels=" + data.resolve("labels"));
            overrides.add("objective.queueSize=6");
        }
        return Recipe.load(name).with(overrides);
    }
}

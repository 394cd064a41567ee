package org.generalvision.upstream.amateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Objects;
import org.generalvision.data.load.Batch;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.train.Losses;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AmateurObjectiveTest {
    private static final Tokenizer TOKENIZER = Captions.tokenizer();
    private static final Pass TRAINING = Pass.training(Precision.FLOAT32);
    private static final LossWeights PUBLISHED = new LossWeights(0.4, 0.2, 0.2, 0.2);

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    @AfterAll
    static void closeTokenizer() {
        TOKENIZER.close();
    }

    private AmateurObjective objective(LossWeights weights) {
        AmateurConfig config = TinyPairs.config(weights);
        AmateurModel model = TinyPairs.initialized(
                new AmateurModel(TinyPairs.MODEL, config, TOKENIZER.vocabularySize()), DataType.FLOAT32, manager);
        return new AmateurObjective(model, config, TOKENIZER, 1, Replicas.alone(), manager);
    }

    private Batch batch(int size) {
        return new TinyPairs(TOKENIZER, size, 2).batch(0, manager, DataType.FLOAT32);
    }

    private static double value(Losses losses, String name) {
        return losses.terms().stream()
                .filter(t -> t.name().equals(name))
                .mapToDouble(t -> Gradients.scalar(t.value()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void thePublishedWeightsSumToOneAndTheTotalIsTheWeightedSum() {
        Losses losses = objective(PUBLISHED).losses(batch(6), TRAINING);
        assertThat(losses.terms())
                .extracting(Losses.Term::name)
                .containsExactly("multiView", "nearestNeighbor", "imageSelf", "textSelf");
        assertThat(losses.terms().stream().mapToDouble(Losses.Term::weight).sum())
                .isCloseTo(1, within(1e-12));
        double expected = 0.4 * value(losses, "multiView")
                + 0.2 * value(losses, "nearestNeighbor")
                + 0.2 * value(losses, "imageSelf")
                + 0.2 * value(losses, "textSelf");
        assertThat(Gradients.scalar(losses.total())).isCloseTo(expected, within(1e-5));
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 0, 0, multiView", "0, 1, 0, 0, nearestNeighbor", "0, 0, 1, 0, imageSelf", "0, 0, 0, 1, textSelf"
    })
    void aLossOfWeightZeroIsNeitherComputedNorHasHeads(double mvs, double nns, double iss, double tss, String only) {
        AmateurObjective objective = objective(new LossWeights(mvs, nns, iss, tss));
        Losses losses = objective.losses(batch(6), TRAINING);
        assertThat(losses.terms()).extracting(Losses.Term::name).containsExactly(only);
        List<String> paths = List.copyOf(objective.model().parameters().keySet());
        assertThat(paths.stream().anyMatch(p -> p.startsWith("simsiam."))).isEqualTo(iss > 0);
        assertThat(paths.stream().anyMatch(p -> p.startsWith("masked_language.")))
                .isEqualTo(tss > 0);
        assertThat(objective.buffers().arrays().isEmpty()).isEqualTo(nns == 0);
    }

    @Test
    void multiViewIsTheMeanOfItsFourPairs() {
        AmateurObjective objective = objective(new LossWeights(1, 0, 0, 0));
        AmateurModel model = objective.model();
        Batch batch = batch(6);
        ContrastiveLoss contrast =
                new ContrastiveLoss(batch.get("caption"), model.scale(manager), Replicas.alone(), false);
        double sum = 0;
        for (String image : List.of("image", "image2")) {
            for (String text : List.of("text", "text2")) {
                NDArray images = Ops.normalize(model.imageEmbedding(batch.get(image), TRAINING), 1);
                NDArray texts = model.textFeatures(batch.get(text), TRAINING);
                sum += Gradients.scalar(contrast.between(contrast.gather(images), contrast.gather(texts)));
            }
        }
        assertThat(value(objective.losses(batch, TRAINING), "multiView")).isCloseTo(sum / 4, within(1e-5));
    }

    @Test
    void nearestNeighborIsTheMeanOverBothImagesOfBothTextsNeighbors() {
        AmateurObjective objective = objective(new LossWeights(0, 1, 0, 0));
        AmateurModel model = objective.model();
        Batch batch = batch(6);
        objective.losses(batch, TRAINING);
        objective.afterUpdate(0);
        NearestNeighborQueue queue = new NearestNeighborQueue(10, 12, manager);
        queue.arrays()
                .forEach((name, array) -> Ops.copyInto(
                        array,
                        Objects.requireNonNull(objective.buffers().arrays().get(name))));
        ContrastiveLoss contrast =
                new ContrastiveLoss(batch.get("caption"), model.scale(manager), Replicas.alone(), false);
        double sum = 0;
        for (String image : List.of("image", "image2")) {
            for (String text : List.of("text", "text2")) {
                NDArray images = Ops.normalize(model.imageEmbedding(batch.get(image), TRAINING), 1);
                NDArray texts = model.textFeatures(batch.get(text), TRAINING);
                NDArray neighbors = queue.nearest(texts, batch.get("caption"));
                sum += Gradients.scalar(contrast.towards(contrast.gather(images), contrast.gather(neighbors)));
            }
        }
        assertThat(value(objective.losses(batch, TRAINING), "nearestNeighbor")).isCloseTo(sum / 4, within(1e-5));
    }

    @Test
    void theQueueTakesTheSecondViewThenTheFirstAndOnlyAfterTheUpdate() {
        AmateurObjective objective = objective(new LossWeights(0.5, 0.5, 0, 0));
        Batch batch = batch(4);
        NDArray features = array(objective, "queue.features");
        float[] before = features.toFloatArray();
        objective.losses(batch, TRAINING);
        assertThat(features.toFloatArray()).isEqualTo(before);
        objective.afterUpdate(0);
        NDArray second = objective.model().textFeatures(batch.get("text2"), TRAINING);
        NDArray first = objective.model().textFeatures(batch.get("text"), TRAINING);
        assertThat(features.get(":4").toFloatArray()).containsExactly(second.toFloatArray(), within(1e-6f));
        assertThat(features.get("4:8").toFloatArray()).containsExactly(first.toFloatArray(), within(1e-6f));
        assertThat(array(objective, "queue.next").getLong()).isEqualTo(8);
        float[] after = features.toFloatArray();
        objective.losses(batch, Pass.evaluation());
        objective.afterUpdate(1);
        assertThat(features.toFloatArray()).isEqualTo(after);
    }

    private static NDArray array(AmateurObjective objective, String name) {
        return Objects.requireNonNull(objective.buffers().arrays().get(name));
    }

    @Test
    void theContrastAtTheStartIsNearTheLogarithmOfTheBatch() {
        Batch batch = batch(8);
        ImageTextModel.Config published = TinyPairs.MODEL;
        // A scale of 1, so that the few dimensions of a tiny model do not tell random features apart.
        ImageTextModel.Config config = new ImageTextModel.Config(
                published.image(),
                published.resolution(),
                published.dropPath(),
                published.text(),
                published.embeddingWidth(),
                new LogitScale(0, 0, 4.6));
        AmateurConfig losses = TinyPairs.config(new LossWeights(1, 1, 0, 0));
        AmateurModel model = TinyPairs.initialized(
                new AmateurModel(config, losses, TOKENIZER.vocabularySize()), DataType.FLOAT32, manager);
        Losses declip =
                new AmateurObjective(model, losses, TOKENIZER, 1, Replicas.alone(), manager).losses(batch, TRAINING);
        assertThat(value(declip, "multiView")).isCloseTo(Math.log(8), within(0.4));
        assertThat(value(declip, "nearestNeighbor")).isCloseTo(Math.log(8), within(0.4));
        Losses clip = new ClipObjective(model, new ClipConfig(true, 64), Replicas.alone()).losses(batch, TRAINING);
        assertThat(value(clip, "contrast")).isCloseTo(Math.log(8), within(0.4));
    }

    @Test
    void clipIsTheContrastOfItsOnlyPair() {
        ImageTextModel model = TinyPairs.initialized(
                new ImageTextModel(TinyPairs.MODEL, TOKENIZER.vocabularySize()), DataType.FLOAT32, manager);
        Batch batch = batch(6);
        NDArray images = Ops.normalize(model.imageEmbedding(batch.get("image"), TRAINING), 1);
        NDArray texts = model.textFeatures(batch.get("text"), TRAINING);
        ContrastiveLoss contrast =
                new ContrastiveLoss(batch.get("caption"), model.scale(manager), Replicas.alone(), true);
        double expected = Gradients.scalar(contrast.between(contrast.gather(images), contrast.gather(texts)));
        Losses losses = new ClipObjective(model, new ClipConfig(true, 64), Replicas.alone()).losses(batch, TRAINING);
        assertThat(losses.terms()).hasSize(1);
        assertThat(Gradients.scalar(losses.total())).isCloseTo(expected, within(1e-5));
    }

    @Test
    void theScaleIsBroughtBackIntoItsBoundsAfterAnUpdate() {
        AmateurObjective objective = objective(PUBLISHED);
        NDArray scale = Objects.requireNonNull(objective.model().parameters().get("logit_scale"))
                .getArray();
        assertThat(Gradients.scalar(objective.model().scale(manager))).isCloseTo(1 / 0.07, within(1e-4));
        for (double value : new double[] {5.5, -1, 3}) {
            Ops.copyInto(scale, manager.create(new double[] {value}));
            objective.afterUpdate(0);
            assertThat(Gradients.scalar(scale)).isCloseTo(Math.max(0, Math.min(4.6, value)), within(1e-6));
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void oneStepLeavesNoArraysBehind(Precision precision) {
        AmateurObjective objective = objective(PUBLISHED);
        for (int step = 0; step < 3; step++) {
            int arrays = manager.getManagedArrays().size();
            try (NDManager scratch = manager.newSubManager()) {
                Batch batch = new TinyPairs(TOKENIZER, 4, 2).batch(step, scratch, DataType.FLOAT32);
                assertThat(Gradients.scalar(objective
                                .losses(batch, Pass.training(precision))
                                .total()))
                        .isFinite();
            }
            objective.afterUpdate(step);
            assertThat(manager.getManagedArrays()).hasSize(arrays);
        }
    }

    @Test
    void settingsOutsideTheirRangesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LossWeights(0, 0, 0, 0))
                .withMessageContaining("At least one loss");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LossWeights(0.4, -0.1, 0, 0))
                .withMessageContaining("nearestNeighbor must not be negative: -0.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LogitScale(2.6, 0, 6))
                .withMessageContaining("max must be at most log(100)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TinyPairs.ALL_LOSSES.requireFits(10, 4))
                .withMessageContaining("queueSize must be less than 10, the texts of half an epoch");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TinyPairs.ALL_LOSSES.requireFits(100, 16))
                .withMessageContaining("queueSize must be at least the batch size, 16: 10");
        TinyPairs.config(new LossWeights(1, 0, 0, 0)).requireFits(10, 16);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ImageTextModel(
                        new ImageTextModel.Config(
                                "clip-resnet50", 64, 0, TinyPairs.MODEL.text(), 512, TinyPairs.MODEL.logitScale()),
                        100))
                .withMessageContaining("embeddingWidth must be 1024");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ImageTextModel(
                        new ImageTextModel.Config(
                                "clip-resnet50", 64, 0.1, TinyPairs.MODEL.text(), 1024, TinyPairs.MODEL.logitScale()),
                        100))
                .withMessageContaining("no branches that drop path could drop");
    }
}

package org.generalvision.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.Hashing;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.generalvision.data.example.Example;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.Origin;
import org.generalvision.train.Progress;
import org.generalvision.train.StageRun;
import org.generalvision.train.StopRequest;
import org.generalvision.upstream.amateur.ImageTextTraining;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.TensorInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The global stage and then the local one, on pictures of a rectangle each. */
class LocalStageTest {
    private static final int STEPS = 4;
    private static final List<String> SHAPES = List.of("red box", "blue box", "green box", "plain paper");
    private static final List<String> FILES = List.of("model.safetensors", "optimizer.safetensors", "state.json");

    @TempDir
    private static Path folder = Path.of("");

    private static Path amateur = Path.of("");

    @BeforeAll
    static void makePicturesAndTheGlobalStage() {
        try (ShardWriter writer = ShardWriter.create(folder.resolve("boxes"), ShardWriter.DEFAULT_SHARD_BYTES)) {
            for (int i = 0; i < 12; i++) {
                writer.add(picture(i));
            }
            writer.finish();
        }
        amateur = folder.resolve("amateur");
        run(
                recipe(
                        "amateur-desk",
                        "data.tokenizer.vocabularySize=530",
                        "objective.queueSize=8",
                        "train.steps=1",
                        "train.schedule.warmup=0"),
                amateur,
                Origin.scratch(),
                STEPS);
    }

    /** Every fourth picture is plain: no region can be proposed. */
    private static Example picture(int number) {
        BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        Color color = List.of(Color.RED, Color.BLUE, Color.GREEN, Color.WHITE).get(number % 4);
        for (int i = 0; i < 40 * 40; i++) {
            int x = i % 40;
            int y = i / 40;
            boolean inside = x >= 6 + number && x < 24 + number && y >= 8 && y < 28;
            image.setRGB(x, y, inside ? color.getRGB() : Color.WHITE.getRGB());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String shape = SHAPES.get(number % 4);
        return Example.builder("picture-" + number, ByteBuffer.wrap(bytes.toByteArray()), "test", "CC0-1.0")
                .captions(List.of(new Example.Caption(shape + " " + number, "en")))
                .labels(List.of(shape))
                .build();
    }

    private static Recipe recipe(String name, String... overrides) {
        String data = "{kind: shards, directory: '" + folder.resolve("boxes") + "'}";
        List<String> all = new ArrayList<>(List.of(
                "data.train=" + data,
                "data.loader.batchSize=4",
                "model.text.width=16",
                "model.text.numLayers=1",
                "model.text.numHeads=2",
                "model.embeddingWidth=16",
                "evaluation.zeroShot.0.data=" + data,
                "evaluation.zeroShot.0.classes={red box: red box, blue box: blue box, green box: green box}",
                "evaluation.retrieval.0.data=" + data,
                "train.device=cpu",
                "train.logEvery=1",
                "train.evaluateEvery=" + STEPS,
                "train.saveEvery=2"));
        all.addAll(Arrays.asList(overrides));
        return Recipe.load(name).with(all);
    }

    private static Recipe local(String... overrides) {
        String data = "{kind: shards, directory: '" + folder.resolve("boxes") + "'}";
        return recipe(
                        "local-desk",
                        "regions.data=" + data,
                        "objective.network.pyramidWidth=8",
                        "objective.network.headWidth=16",
                        "objective.network.hiddenWidth=16",
                        "objective.network.outputWidth=8",
                        "train.steps=" + STEPS,
                        "train.schedule.warmup=1")
                .with(List.of(overrides));
    }

    /** Trains until the step that is asked for, in the way of a user who presses Ctrl-C. */
    private static Checkpoint run(Recipe recipe, Path directory, Origin origin, long until) {
        StopRequest stop = new StopRequest();
        Progress watch = new Progress() {
            @Override
            public void begin(long firstStep, long steps) {}

            @Override
            public void step(Report report) {
                if (report.step() == until) {
                    stop.request();
                }
            }

            @Override
            public void note(String message) {}

            @Override
            public void end() {}
        };
        return recipe.as(UpstreamRecipe.class)
                .run(new StageRun(directory, recipe.text(), origin, folder.resolve("cache"), watch, stop));
    }

    private static List<String> names(Path weights) {
        try (SafetensorsFile file = SafetensorsFile.open(weights)) {
            return List.copyOf(file.tensors().keySet());
        }
    }

    /** SHA-256 of the bytes of a tensor. */
    private static String hash(Path weights, String tensor) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(weights)) {
            TensorInfo info = Objects.requireNonNull(file.tensors().get(tensor), tensor);
            byte[] all = Files.readAllBytes(weights);
            long header = Long.BYTES
                    + ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getLong();
            return Hashing.sha256()
                    .hashBytes(all, Math.toIntExact(header + info.offset()), Math.toIntExact(info.length()))
                    .toString();
        }
    }

    @Test
    void theStageEndsWithTheSpaceOfTheAmateurAndFiguresBeforeAndAfter() throws IOException {
        Checkpoint start = Checkpoint.open(amateur);
        Checkpoint end = run(local(), folder.resolve("run"), Origin.initializeFrom(amateur), STEPS);
        assertThat(end.evaluation().keySet())
                .contains(
                        "zeroShot/clipart/top1",
                        "start/zeroShot/clipart/top1",
                        "retrieval/clipart/imageToText/recall1",
                        "start/retrieval/clipart/imageToText/recall1",
                        "regions/inBatch",
                        "regions/inImage",
                        "start/regions/inBatch",
                        "start/regions/inImage");
        start.evaluation().forEach((name, value) -> assertThat(end.evaluation()).containsEntry("start/" + name, value));
        List<String> towers = names(start.model()).stream()
                .filter(name -> !name.startsWith("simsiam.") && !name.startsWith("masked_language."))
                .toList();
        assertThat(names(end.model())).containsAll(towers);
        for (String name : towers) {
            if (!name.startsWith("image.")) {
                assertThat(hash(end.model(), name)).as(name).isEqualTo(hash(start.model(), name));
            }
        }
        assertThat(hash(end.model(), "image.stem.conv.weight"))
                .isNotEqualTo(hash(start.model(), "image.stem.conv.weight"));
        assertThat(folder.resolve("run").resolve(ImageTextTraining.TOKENIZER))
                .hasSameBinaryContentAs(amateur.resolve(ImageTextTraining.TOKENIZER));
    }

    @Test
    void aRunThatIsStoppedAndResumedEndsWithTheSameBytes() {
        Checkpoint whole = run(local(), folder.resolve("whole"), Origin.initializeFrom(amateur), STEPS);
        Path parts = folder.resolve("parts");
        run(local(), parts, Origin.initializeFrom(amateur), 1);
        // The rest needs no start: target, frozen tower and vocabulary are in the run directory.
        run(local(), parts, Origin.scratch(), 3);
        Checkpoint resumed = run(local(), parts, Origin.scratch(), STEPS);
        for (String file : FILES) {
            assertThat(resumed.path().resolve(file))
                    .hasSameBinaryContentAs(whole.path().resolve(file));
        }
        assertThat(parts.resolve("metrics.jsonl"))
                .hasSameBinaryContentAs(folder.resolve("whole").resolve("metrics.jsonl"));
    }

    @Test
    void theLocalStageMayFollowItself() {
        Checkpoint first = run(local("train.steps=1"), folder.resolve("first"), Origin.initializeFrom(amateur), 1);
        Checkpoint second =
                run(local("train.steps=1"), folder.resolve("second"), Origin.initializeFrom(first.path()), 1);
        assertThat(second.evaluation().get("start/zeroShot/clipart/top1"))
                .isEqualTo(first.evaluation().get("zeroShot/clipart/top1"));
    }

    @Test
    void aRunWithoutAStartIsRefusedBeforeAnythingIsWritten() {
        Path directory = folder.resolve("nowhere");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(local(), directory, Origin.scratch(), STEPS))
                .withMessageContaining("name one with --initialize-from");
        assertThat(directory).doesNotExist();
    }

    @Test
    void aCheckpointOfAnotherStageIsRefused() throws IOException {
        Path expert = folder.resolve("expert-run").resolve("step-00000001");
        Files.createDirectories(expert);
        Checkpoint start = Checkpoint.open(amateur);
        for (String file : List.of("model.safetensors", "optimizer.safetensors", "state.json")) {
            Files.copy(start.path().resolve(file), expert.resolve(file));
        }
        String recipe = Files.readString(Path.of("src/test/resources/recipes/expert.yaml"));
        Files.writeString(expert.resolve("recipe.yaml"), recipe);
        String provenance = Files.readString(start.path().resolve("provenance.json"))
                .replace(sha256(start.recipe()), sha256(recipe));
        Files.writeString(expert.resolve("provenance.json"), provenance);
        Files.writeString(expert.resolve("COMPLETE"), sha256(provenance) + "\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(local(), folder.resolve("wrong"), Origin.initializeFrom(expert), STEPS))
                .withMessageContaining("(kind amateur, clip or local)")
                .withMessageContaining("is of kind expert");
        assertThat(folder.resolve("wrong")).doesNotExist();
    }

    private static String sha256(String text) {
        return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
    }

    @Test
    void towersOfOtherSizesAndWeightsWithoutAVocabularyAreRefused() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(
                        local("model.text.width=32"), folder.resolve("other"), Origin.initializeFrom(amateur), STEPS))
                .withMessageContaining("does not fit this network")
                .withMessageContaining("text.");
        Path lonely = Files.createDirectories(folder.resolve("a").resolve("b").resolve("c"))
                .resolve("model.safetensors");
        Files.copy(Checkpoint.open(amateur).model(), lonely);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(local(), folder.resolve("lonely"), Origin.initializeFrom(lonely), STEPS))
                .withMessageContaining("There is no tokenizer.json in or above");
        assertThat(folder.resolve("lonely")).doesNotExist();
        assertThatThrownBy(() ->
                        run(local(), folder.resolve("lonely"), Origin.initializeFrom(folder.resolve("missing")), STEPS))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("There is no checkpoint");
    }

    /** Else the words of one start would be read with the vocabulary of another. */
    @Test
    void theVocabularyOfARefusedStartIsReplacedByThatOfTheNext() {
        Path directory = folder.resolve("twice");
        Path other = folder.resolve("other-amateur");
        run(
                recipe(
                        "amateur-desk",
                        "data.tokenizer.vocabularySize=520",
                        "objective.queueSize=8",
                        "model.embeddingWidth=8",
                        "train.steps=1",
                        "train.schedule.warmup=0"),
                other,
                Origin.scratch(),
                STEPS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(local(), directory, Origin.initializeFrom(other), STEPS))
                .withMessageContaining("does not fit this network");
        run(local("train.steps=1"), directory, Origin.initializeFrom(amateur), STEPS);
        assertThat(directory.resolve(ImageTextTraining.TOKENIZER))
                .hasSameBinaryContentAs(amateur.resolve(ImageTextTraining.TOKENIZER));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "regions.stride=7                      | The backbone has no feature map of stride 7",
                "objective.network.strides=[32, 64]    | The backbone has no feature map of stride 64",
                "data.views.third.crop.height=16       | The sides of data.views must be at least 32 pixels",
                "model.resolution=64                   | evaluation.view must have the model's resolution of 64 x 64",
            })
    void whatDoesNotFitTheTowerIsRefusedBeforeAnythingIsWritten(String override, String message) {
        Path directory = folder.resolve("unwritten");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(local(override), directory, Origin.initializeFrom(amateur), STEPS))
                .withMessageContaining(message);
        assertThat(directory).doesNotExist();
    }

    @Test
    void batchesOfOneImageAreRefusedByTheRecipe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> local("data.loader.batchSize=1").as(UpstreamRecipe.class))
                .withMessageContaining("loader.batchSize must be at least 2");
    }
}

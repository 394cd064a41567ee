package org.generalvision.upstream.amateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.nn.Layer;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.ComputeDevice;
import org.generalvision.train.Evaluation;
import org.generalvision.train.Objective;
import org.generalvision.train.Origin;
import org.generalvision.train.Progress;
import org.generalvision.train.RunDirectory;
import org.generalvision.train.StopRequest;
import org.generalvision.train.TrainConfig;
import org.generalvision.train.TrainLoop;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DeCLIP and CLIP in the training loop. */
class AmateurTrainingTest {
    private static final Tokenizer TOKENIZER = Captions.tokenizer();

    @TempDir
    Path folder;

    @AfterAll
    static void closeTokenizer() {
        TOKENIZER.close();
    }

    private static Objective declip(NDManager manager) {
        return declip(TinyPairs.ALL_LOSSES, manager);
    }

    private static Objective inChunks(NDManager manager) {
        return declip(chunks(2), manager);
    }

    private static AmateurConfig chunks(int chunkSize) {
        AmateurConfig all = TinyPairs.ALL_LOSSES;
        return new AmateurConfig(
                all.weights(),
                all.queueSize(),
                all.equalCaptionsAreNegatives(),
                chunkSize,
                all.simSiam(),
                all.masking());
    }

    private static Objective declip(AmateurConfig config, NDManager manager) {
        return declip(TinyPairs.MODEL, config, manager);
    }

    private static Objective declip(ImageTextModel.Config towers, AmateurConfig config, NDManager manager) {
        AmateurModel model = TinyPairs.initialized(
                new AmateurModel(towers, config, TOKENIZER.vocabularySize()), DataType.FLOAT32, manager);
        return new AmateurObjective(model, config, TOKENIZER, 1, Replicas.alone(), manager);
    }

    private static Objective clip(NDManager manager) {
        ImageTextModel model = TinyPairs.initialized(
                new ImageTextModel(TinyPairs.MODEL, TOKENIZER.vocabularySize()), DataType.FLOAT32, manager);
        return new ClipObjective(model, new ClipConfig(false, 64), Replicas.alone());
    }

    private interface Method {
        Objective make(NDManager manager);
    }

    /** Trains on batches of the eight captions, noting the losses of each step. */
    private Checkpoint train(Method method, TrainConfig config, Path path, StopRequest stop, Evaluation evaluation) {
        try (NDManager manager = ComputeDevice.open("cpu");
                RunDirectory run = RunDirectory.open(path, "kind: test\n", Origin.scratch(), Map.of())) {
            TinyPairs pairs = new TinyPairs(TOKENIZER, Captions.ALL.size(), 2);
            return new TrainLoop(config, List.of(method.make(manager)), pairs, run, evaluation, Progress.none())
                    .run(stop);
        }
    }

    private static double last(Path run, String metric) throws IOException {
        List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
        return new ObjectMapper()
                .readTree(lines.get(lines.size() - 1))
                .get(metric)
                .asDouble();
    }

    @Test
    void declipOverfitsEightPairs() throws IOException {
        train(AmateurTrainingTest::declip, TinyPairs.train(60, 60, 3e-3), folder, new StopRequest(), Evaluation.none());
        // Guessing costs log(8) = 2.08; words that are hidden anew in every step leave a rest.
        assertThat(last(folder, "loss/multiView")).isLessThan(0.6);
        assertThat(last(folder, "loss/imageSelf")).isLessThan(-0.5);
    }

    @Test
    void clipOverfitsEightPairs() throws IOException {
        train(AmateurTrainingTest::clip, TinyPairs.train(60, 60, 3e-3), folder, new StopRequest(), Evaluation.none());
        assertThat(last(folder, "loss/contrast")).isLessThan(0.1);
    }

    /** With statistics that stand still, reading a batch in chunks is a matter of memory alone. */
    @Test
    void chunksTrainAsTheWholeBatchDoes() throws IOException {
        TrainConfig plain = TinyPairs.train(3, 3, 1e-3);
        TrainConfig config = new TrainConfig(
                plain.seed(),
                plain.steps(),
                plain.accumulation(),
                plain.precision(),
                plain.device(),
                plain.optimizer(),
                plain.schedule(),
                plain.clipNorm(),
                plain.emaDecay(),
                List.of("image.**"),
                plain.logEvery(),
                plain.evaluateEvery(),
                plain.saveEvery(),
                plain.keep());
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        train(AmateurTrainingTest::declip, config, whole, new StopRequest(), Evaluation.none());
        train(AmateurTrainingTest::inChunks, config, parts, new StopRequest(), Evaluation.none());
        for (String metric : List.of(
                "loss", "loss/multiView", "loss/nearestNeighbor", "loss/imageSelf", "loss/textSelf", "gradientNorm")) {
            double expected = last(whole, metric);
            assertThat(last(parts, metric)).as(metric).isCloseTo(expected, within(1e-4 * Math.abs(expected)));
        }
    }

    /** Both towers learn, and neither has batch norms, so that nothing but rounding may differ. */
    @Test
    void everyGradientInChunksIsThatOfTheWholeBatch() {
        Map<String, float[]> whole = gradients(64);
        Map<String, float[]> parts = gradients(2);
        assertThat(parts.keySet()).isEqualTo(whole.keySet());
        assertThat(whole.keySet())
                .contains("image.patch_embed.proj.weight", "text.token_embedding.weight", "logit_scale");
        double all = whole.values().stream()
                .mapToDouble(AmateurTrainingTest::squares)
                .sum();
        whole.forEach((path, expected) -> {
            float[] difference = expected.clone();
            float[] actual = parts.getOrDefault(path, expected);
            for (int i = 0; i < difference.length; i++) {
                difference[i] -= actual[i];
            }
            // A bias of keys has no gradient but rounding, for which the second term stands.
            assertThat(Math.sqrt(squares(difference)))
                    .as(path)
                    .isLessThan(1e-4 * Math.sqrt(squares(expected)) + 1e-6 * Math.sqrt(all));
        });
    }

    private static double squares(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum;
    }

    /** The gradient of each parameter of a small ViT and a text tower in the first step. */
    private Map<String, float[]> gradients(int chunkSize) {
        ImageTextModel.Config tiny = TinyPairs.MODEL;
        ImageTextModel.Config towers = new ImageTextModel.Config(
                "vit-t16", tiny.resolution(), 0, tiny.text(), tiny.embeddingWidth(), tiny.logitScale());
        List<Objective> made = new ArrayList<>();
        Method method = manager -> {
            made.add(declip(towers, chunks(chunkSize), manager));
            return made.get(0);
        };
        Map<String, float[]> gradients = new TreeMap<>();
        Evaluation read = step -> {
            made.get(0).model().parameters().forEach((path, parameter) -> {
                if (!Layer.isBuffer(parameter)) {
                    gradients.put(path, parameter.getArray().getGradient().toFloatArray());
                }
            });
            return new TreeMap<>();
        };
        train(method, TinyPairs.train(1, 1, 1e-3), folder.resolve("chunks-" + chunkSize), new StopRequest(), read);
        return gradients;
    }

    @Test
    void aResumedRunEndsWithTheSameBytesQueueIncluded() {
        TrainConfig config = TinyPairs.train(6, 3, 1e-3);
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        Checkpoint undisturbed =
                train(AmateurTrainingTest::declip, config, whole, new StopRequest(), Evaluation.none());
        StopRequest stop = new StopRequest();
        Evaluation stopHalfway = step -> {
            stop.request();
            return new TreeMap<>();
        };
        TrainConfig halfway = new TrainConfig(
                config.seed(),
                config.steps(),
                config.accumulation(),
                config.precision(),
                config.device(),
                config.optimizer(),
                config.schedule(),
                config.clipNorm(),
                config.emaDecay(),
                config.freeze(),
                config.logEvery(),
                3,
                config.saveEvery(),
                config.keep());
        Checkpoint half = train(AmateurTrainingTest::declip, halfway, parts, stop, stopHalfway);
        assertThat(half.step()).isEqualTo(3);
        Checkpoint resumed = train(AmateurTrainingTest::declip, config, parts, new StopRequest(), Evaluation.none());
        for (String file : List.of("model.safetensors", "optimizer.safetensors", "state.json")) {
            assertThat(resumed.path().resolve(file))
                    .hasSameBinaryContentAs(undisturbed.path().resolve(file));
        }
    }
}

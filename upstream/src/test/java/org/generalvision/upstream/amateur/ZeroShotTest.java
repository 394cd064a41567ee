package org.generalvision.upstream.amateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.generalvision.data.load.EvaluationPass;
import org.generalvision.data.load.ImageTextSamples;
import org.generalvision.data.load.LabelledImages;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.load.Quarantine;
import org.generalvision.data.load.SampleFormat;
import org.generalvision.data.text.Synonyms;
import org.generalvision.data.text.TextAugmentation;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.metric.Predictions;
import org.generalvision.nn.Pass;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Zero-shot classification and retrieval against their definitions in plain loops. */
class ZeroShotTest {
    private static final Tokenizer TOKENIZER = Captions.tokenizer();
    private static final List<String> TEMPLATES = List.of("a {}.", "{}", "picture of {}");
    private static final Pass EVALUATION = Pass.evaluation();
    private static final int WIDTH = 12;

    private final NDManager manager = NDManager.newBaseManager();
    private final ImageTextModel model = new ImageTextModel(TinyPairs.MODEL, TOKENIZER.vocabularySize());

    @TempDir
    Path folder;

    @BeforeEach
    void initialize() {
        TinyPairs.initialized(model, DataType.FLOAT32, manager);
        model.parameters().values().forEach(p -> p.getArray().setRequiresGradient(false));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @AfterAll
    static void closeTokenizer() {
        TOKENIZER.close();
    }

    private float[] text(String text) {
        long[] ids = TOKENIZER.encode(text, TinyPairs.CONTEXT);
        NDArray tokens = manager.create(ids, new Shape(1, TinyPairs.CONTEXT));
        return model.textFeatures(tokens, EVALUATION).toFloatArray();
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(aa * bb);
    }

    private EvaluationPass pass(Squares squares, SampleFormat format) {
        return EvaluationPass.over(
                squares,
                format,
                new LoaderConfig(0, 2, 1, 2, 0),
                new Quarantine(folder.resolve("quarantine.jsonl"), squares.size(), 0));
    }

    @Test
    void aClassIsTheNormalizedMeanOfItsNormalizedPrompts() {
        ZeroShot zeroShot = new ZeroShot(model, TOKENIZER, EVALUATION);
        float[] classes =
                zeroShot.classes(List.of("cat", "sun"), TEMPLATES, manager).toFloatArray();
        int row = 0;
        for (String name : List.of("cat", "sun")) {
            double[] mean = new double[WIDTH];
            for (String template : TEMPLATES) {
                float[] prompt = text(template.replace("{}", name));
                IntStream.range(0, WIDTH).forEach(i -> mean[i] += prompt[i]);
            }
            double norm = Math.sqrt(IntStream.range(0, WIDTH)
                    .mapToDouble(i -> mean[i] * mean[i])
                    .sum());
            for (int i = 0; i < WIDTH; i++) {
                assertThat((double) classes[row * WIDTH + i]).isCloseTo(mean[i] / norm, within(1e-5));
            }
            row++;
        }
    }

    @Test
    void anImageBelongsToTheClassOfTheLargestCosine() {
        List<String> names = List.of("cat", "sun", "fish");
        Squares squares = Squares.of("sun", "cat", "cat", "fish", "sun");
        ZeroShot zeroShot = new ZeroShot(model, TOKENIZER, EVALUATION);
        NDArray classes = zeroShot.classes(names, List.of("{}"), manager);
        int arrays = manager.getManagedArrays().size();
        Predictions predictions;
        try (EvaluationPass images = pass(squares, new LabelledImages(Squares.VIEW, names))) {
            predictions = zeroShot.predict(images, classes);
        }
        assertThat(manager.getManagedArrays()).hasSize(arrays);
        assertThat(predictions.size()).isEqualTo(5);
        Retrieval embedded = retrieval(squares);
        for (int i = 0; i < 5; i++) {
            int best = 0;
            for (int c = 1; c < names.size(); c++) {
                float[] image = embedded.images().get(i);
                if (cosine(image, text(names.get(c))) > cosine(image, text(names.get(best)))) {
                    best = c;
                }
            }
            assertThat(predictions.predicted(i)).isEqualTo(best);
        }
    }

    private Retrieval retrieval(Squares squares) {
        SampleFormat format = new ImageTextSamples(
                List.of(Squares.VIEW), List.of(TextAugmentation.NONE), Synonyms.NONE, TOKENIZER, TinyPairs.CONTEXT);
        try (EvaluationPass pairs = pass(squares, format)) {
            return Retrieval.of(model, pairs, EVALUATION, manager);
        }
    }

    @Test
    void imagesWithOneCaptionShareOneText() {
        Retrieval retrieval = retrieval(Squares.of("sun", "cat", "Cat", "fish", "sun"));
        assertThat(retrieval.images()).hasSize(5);
        assertThat(retrieval.texts()).hasSize(3);
        assertThat(retrieval.imageCaptions().get(1))
                .isEqualTo(retrieval.imageCaptions().get(2));
        assertThat(retrieval.texts().get(0)).containsExactly(text("sun"), within(1e-6f));
    }

    @Test
    void everyImageWithTheCaptionIsRight() {
        // Images 0 and 1 have caption 7; only image 1 lies near its text.
        Retrieval retrieval = new Retrieval(
                List.of(new float[] {0, 1}, new float[] {1, 0}, new float[] {0.8f, 0.6f}),
                List.of(7L, 7L, 8L),
                List.of(new float[] {1, 0}, new float[] {0, 1}),
                List.of(7L, 8L));
        Map<String, Double> recalls = retrieval.recalls();
        // Text 7 finds image 1; text 8 finds image 0, which is wrong.
        assertThat(recalls.get("textToImage/recall1")).isEqualTo(0.5);
        // Image 1 finds text 7; image 0 finds text 8 and image 2 finds text 7, both wrong.
        assertThat(recalls.get("imageToText/recall1")).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(recalls.get("imageToText/recall5")).isEqualTo(1);
        assertThat(recalls).hasSize(6);
    }

    @Test
    void embeddingsThatAreAllAlikeFindNothing() {
        List<float[]> alike = java.util.Collections.nCopies(20, new float[] {1, 0});
        List<Long> captions = java.util.stream.LongStream.range(0, 20).boxed().toList();
        assertThat(new Retrieval(alike, captions, alike, captions).recalls().values())
                .containsOnly(0.0);
    }

    @Test
    void templatesAndClassesAreChecked() {
        ZeroShot zeroShot = new ZeroShot(model, TOKENIZER, EVALUATION);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> zeroShot.classes(List.of("cat"), List.of("a cat"), manager))
                .withMessageContaining("must hold {} once, where the name goes: a cat");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> zeroShot.classes(List.of("cat"), List.of("{} or {}"), manager))
                .withMessageContaining("must hold {} once");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> zeroShot.classes(List.of(), TEMPLATES, manager))
                .withMessageContaining("at least one class and one template");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Retrieval(List.of(), List.of(), List.of(), List.of()))
                .withMessageContaining("at least one pair");
    }
}

package org.generalvision.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.generalvision.data.example.Example;
import org.generalvision.data.label.Concept;
import org.generalvision.data.label.Kind;
import org.generalvision.data.label.LabelDirectory;
import org.generalvision.data.label.LabelSystem;
import org.generalvision.data.label.Morphology;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.Origin;
import org.generalvision.train.Progress;
import org.generalvision.train.StageRun;
import org.generalvision.train.StopRequest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DeCLIP on a mixture of views of shards, with synonyms of a label system: what desk corpora are trained with. */
class MixedTrainingTest {
    private static final int STEPS = 6;
    private static final List<String> FILES = List.of("model.safetensors", "optimizer.safetensors", "state.json");

    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void makeCorporaAndLabels() {
        shards("animals", 14, "a dog of color", "en", "un chien de couleur", "fr");
        shards("things", 9, "the red car number", "en", "die rote Nummer", "de");
        LabelSystem labels = LabelSystem.of(List.of(
                concept("dog", "dog", "hound", "domestic dog"),
                concept("car", "car", "auto", "motorcar"),
                concept("color", "color", "hue")));
        LabelDirectory.create(folder.resolve("labels"), labels, Morphology.REGULAR, "test");
    }

    private static Concept concept(String id, String... names) {
        List<Concept.Name> english = java.util.Arrays.stream(names)
                .map(name -> new Concept.Name(name, "en"))
                .toList();
        return new Concept(id, Kind.OBJECT, List.of(), english, List.of(), "");
    }

    private static void shards(String name, int count, String text, String language, String other, String second) {
        try (ShardWriter writer = ShardWriter.create(folder.resolve(name), ShardWriter.DEFAULT_SHARD_BYTES)) {
            for (int i = 0; i < count; i++) {
                writer.add(Example.builder(name + i, square(i / (float) count), name, i % 5 == 4 ? "x" : "MIT")
                        .captions(List.of(
                                new Example.Caption(other + " " + i, second),
                                new Example.Caption(text + " " + i, language)))
                        .build());
            }
            writer.finish();
        }
    }

    private static ByteBuffer square(float hue) {
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 32 * 32; i++) {
            image.setRGB(i % 32, i / 32, Color.HSBtoRGB(hue, i % 32 / 32f, 1));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static String member(String name, int weight) {
        return ("{name: %s, weight: %d, data: {kind: view, of: {kind: shards, directory: '%s'},"
                        + " where: [{kind: captions, languages: [en], minWords: 2}, {kind: licences, allow: [MIT]}],"
                        + " limit: null}}")
                .formatted(name, weight, folder.resolve(name));
    }

    private static Recipe recipe(String... overrides) {
        return Recipe.load("amateur-desk")
                .with(List.of(
                        "data.train={kind: mixture, draws: 16, members: [" + member("animals", 3) + ", "
                                + member("things", 1) + "]}",
                        "data.synonyms={labels: '" + folder.resolve("labels") + "', language: en}",
                        "data.textViews.1={swap: 0, deletion: 0, synonym: 0.5}",
                        "data.tokenizer.vocabularySize=530",
                        "data.loader.batchSize=8",
                        "objective.queueSize=8",
                        "evaluation.zeroShot=[]",
                        "evaluation.retrieval=[]",
                        "train.device=cpu",
                        "train.steps=" + STEPS,
                        "train.schedule.warmup=1",
                        "train.logEvery=1",
                        "train.saveEvery=" + STEPS))
                .with(List.of(overrides));
    }

    /** Trains until the step that is asked for, in the way of a user who presses Ctrl-C. */
    private static Checkpoint run(Recipe recipe, Path directory, long until) {
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
                .run(new StageRun(directory, recipe.text(), Origin.scratch(), folder.resolve("cache"), watch, stop));
    }

    @Test
    void aRunThatIsStoppedAtAnyStepEndsWithTheSameBytes() throws IOException {
        Recipe recipe = recipe();
        Checkpoint whole = run(recipe, folder.resolve("whole"), STEPS);
        Path parts = folder.resolve("parts");
        // Step 2 ends an epoch of the mixture; step 3 does not.
        for (long until : new long[] {2, 3, STEPS}) {
            assertThat(run(recipe, parts, until).step()).isEqualTo(until);
        }
        for (String file : FILES) {
            assertThat(parts.resolve("step-00000006").resolve(file))
                    .hasSameBinaryContentAs(whole.path().resolve(file));
        }
        assertThat(whole.path().resolve("provenance.json")).content().contains("data.synonyms", "data.train");
        assertThat(Files.readString(whole.path().resolve("recipe.yaml"))).contains("synonyms:");
    }

    @Test
    void synonymsAndOtherWeightsChangeWhatIsLearned() throws IOException {
        byte[] with = Files.readAllBytes(
                run(recipe("train.steps=1"), folder.resolve("with"), 1).model());
        byte[] without =
                Files.readAllBytes(run(recipe("train.steps=1", "data.synonyms=null"), folder.resolve("without"), 1)
                        .model());
        byte[] weighted = Files.readAllBytes(
                run(recipe("train.steps=1", "data.train.members.1.weight=3"), folder.resolve("weighted"), 1)
                        .model());
        assertThat(with).isNotEqualTo(without).isNotEqualTo(weighted);
    }

    @Test
    void aMissingLabelSystemIsNamedBeforeAnythingIsWritten() {
        Recipe recipe = recipe("data.synonyms.labels=" + folder.resolve("nowhere"));
        Path directory = folder.resolve("unwritten");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(recipe, directory, STEPS))
                .withMessageContaining("No label system in " + folder.resolve("nowhere"));
        assertThat(directory).doesNotExist();
    }
}

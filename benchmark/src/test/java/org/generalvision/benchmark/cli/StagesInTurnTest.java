package org.generalvision.benchmark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.generalvision.benchmark.cli.Outcome.gv;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.generalvision.benchmark.stage.SceneShards;
import org.generalvision.benchmark.stage.SmallPretraining;
import org.generalvision.nn.Backbone;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.WeightLoader;
import org.generalvision.zoo.ZooCatalog;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One step of each stage's desk recipe from the checkpoint of the stage before, by the commands of the documents, and its release. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StagesInTurnTest {
    private static final String FEW =
            "{kind: view, of: {kind: starter, split: clipart-validation}, where: [], limit: %s}";

    @TempDir
    private static Path folder = Path.of("");

    private static String run(String name) {
        return folder.resolve(name).toString();
    }

    private static String few(int examples) {
        return FEW.formatted("{examples: %d, seed: 1}".formatted(examples));
    }

    private static void pretrain(String recipe, String start, List<String> overrides) {
        List<String> arguments = new ArrayList<>(List.of("pretrain", recipe, "--run-dir=" + run(recipe), "--no-gate"));
        arguments.add("--cache=" + run("cache"));
        arguments.add("train.steps=1");
        arguments.add("train.schedule.warmup=1");
        if (!start.isEmpty()) {
            arguments.add("--initialize-from=" + run(start));
        }
        arguments.addAll(overrides);
        gv(0, arguments.toArray(String[]::new));
    }

    /** Data sets of generalists and students: clip art, and boxes, pixels and depth of the same scenes. */
    private static List<String> small(int sets, int firstOfScenes) {
        List<String> overrides = new ArrayList<>(List.of("loader.batchSize=2", "evaluation.batchSize=2"));
        for (int i = firstOfScenes; i < sets; i++) {
            overrides.add("dataSets.%d.train.directory=%s".formatted(i, run("scenes-few-desk/train")));
            overrides.add("dataSets.%d.heldOut.of.directory=%s".formatted(i, run("scenes-few-desk/validation")));
            overrides.add("dataSets.%d.heldOut.limit.examples=2".formatted(i));
        }
        return overrides;
    }

    /** The released backbone fits the zoo's network of the card's name, strictly. */
    private static void requireRelease(String recipe, String network, String... more) {
        Path out = folder.resolve("released-" + recipe);
        gv(
                0,
                Stream.concat(Stream.of("export", run(recipe), "--out=" + out), Stream.of(more))
                        .toArray(String[]::new));
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsFile weights = SafetensorsFile.open(out.resolve("model.safetensors"))) {
            Backbone backbone = ZooCatalog.create(network, 0, 64);
            backbone.initialize(manager, DataType.FLOAT32);
            WeightLoader.load(backbone, weights, name -> false);
            assertThat(weights.names()).isNotEmpty();
        }
    }

    private static List<String> names(Path release) {
        try (SafetensorsFile weights = SafetensorsFile.open(release.resolve("model.safetensors"))) {
            return List.copyOf(weights.names());
        }
    }

    @Test
    @Order(1)
    void amateurAndItsLocalStage() {
        List<String> overrides = new ArrayList<>(SmallPretraining.OVERRIDES);
        overrides.add("data.train=" + few(16));
        pretrain("clip-desk", "", overrides);
        requireRelease("clip-desk", "mn-n");
        pretrain(
                "local-desk",
                "clip-desk",
                List.of(
                        "data.train=" + few(2),
                        "data.loader.batchSize=2",
                        "model.text.width=32",
                        "model.text.numHeads=2",
                        "evaluation.retrieval=[]",
                        "evaluation.zeroShot=[]",
                        "regions.data=" + few(2)));
        requireRelease("local-desk", "mn-n");
    }

    @Test
    @Order(2)
    void expertsOfClassesAndOfScenes() {
        SceneShards scenes = new SceneShards(folder, folder.resolve("cache"));
        scenes.build("train", 8);
        scenes.build("validation", 4);
        pretrain(
                "expert-classification-desk",
                "local-desk",
                List.of("loader.batchSize=2", "dataSets.1.heldOut.limit.examples=4"));
        requireRelease("expert-classification-desk", "mn-n");
        for (String task : List.of("detection", "segmentation", "depth")) {
            pretrain("expert-%s-desk".formatted(task), "local-desk", small(1, 0));
            requireRelease("expert-%s-desk".formatted(task), "mn-n");
        }
    }

    @Test
    @Order(3)
    void generalistsAndAStudent() {
        pretrain("generalist-soft-desk", "clip-desk", small(4, 1));
        assertThat(gv(2, "export", run("generalist-soft-desk"), "--out=" + run("none")))
                .contains("--branch", "image, patch, pixel");
        requireRelease("generalist-soft-desk", "mn-n", "--branch=patch");
        pretrain("generalist-hard-desk", "clip-desk", small(4, 1));
        requireRelease("generalist-hard-desk", "mn-n");
        List<String> overrides = small(4, 1);
        overrides.add("distillation.teacher=" + run("generalist-hard-desk"));
        pretrain("distill-desk", "", overrides);
        Path whole = folder.resolve("whole");
        gv(0, "export", run("distill-desk"), "--format=whole", "--out=" + whole);
        assertThat(names(whole))
                .anyMatch(name -> name.startsWith("heads.boxes."))
                .noneMatch(name -> name.startsWith("adapters."));
    }
}

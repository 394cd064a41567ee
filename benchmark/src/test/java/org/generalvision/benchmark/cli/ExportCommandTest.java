package org.generalvision.benchmark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.generalvision.benchmark.cli.Outcome.gv;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.generalvision.train.Checkpoint;
import org.generalvision.weights.SafetensorsFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Releases of a model that was trained for two steps, with averaged weights. */
class ExportCommandTest {
    @TempDir
    private static Path folder = Path.of("");

    private static Path run = Path.of("");

    @BeforeAll
    static void train() {
        run = folder.resolve("run");
        gv(
                0,
                "pretrain",
                "clip-desk",
                "--run-dir=" + run,
                "--cache=" + folder.resolve("cache"),
                "data.train.split=clipart-validation",
                "data.loader.batchSize=8",
                "data.tokenizer.vocabularySize=1024",
                "evaluation.zeroShot=[]",
                "evaluation.retrieval=[]",
                "train.emaDecay=0.5",
                "train.steps=2",
                "train.schedule.warmup=1");
    }

    private static List<String> names(Path file) {
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            return List.copyOf(weights.names());
        }
    }

    private static float[] read(Path file, String name) {
        try (SafetensorsFile weights = SafetensorsFile.open(file);
                NDManager manager = NDManager.newBaseManager()) {
            return weights.read(name, manager).toFloatArray();
        }
    }

    @Test
    void theBackboneIsThatOfTheZooWithTheWeightsThatWereEvaluated() throws IOException {
        Path out = folder.resolve("backbone");
        JsonNode card = new ObjectMapper().readTree(gv(0, "export", run.toString(), "--out=" + out, "--json"));
        assertThat(card.get("network").asText()).isEqualTo("mn-n");
        assertThat(card.get("kind").asText()).isEqualTo("clip");
        assertThat(card.get("step").asInt()).isEqualTo(2);
        assertThat(new ObjectMapper().readTree(out.resolve("card.json").toFile()))
                .isEqualTo(card);
        Checkpoint checkpoint = Checkpoint.open(run);
        Path weights = out.resolve("model.safetensors");
        assertThat(names(weights)).hasSize((int) names(checkpoint.model()).stream()
                .filter(name -> name.startsWith("image."))
                .count());
        String first = "stem.conv.weight";
        assertThat(read(weights, first))
                .isEqualTo(read(checkpoint.path().resolve("optimizer.safetensors"), "average.image." + first))
                .isNotEqualTo(read(checkpoint.model(), "image." + first));
        assertThat(gv(2, "export", run.toString(), "--out=" + out)).contains("there is already a file");
    }

    @Test
    void aWholeReleaseHasAllWeightsAndTheVocabulary() {
        Path out = folder.resolve("whole");
        assertThat(gv(0, "export", run.toString(), "--format=whole", "--out=" + out))
                .contains("whole of clip at step 2");
        assertThat(names(out.resolve("model.safetensors")))
                .isEqualTo(names(Checkpoint.open(run).model()));
        assertThat(out.resolve("tokenizer.json")).hasSameBinaryContentAs(run.resolve("tokenizer.json"));
    }

    @Test
    void whatCannotBeReleasedLeavesNothing() throws IOException {
        assertThat(gv(2, "export", run.toString(), "--branch=patch", "--out=" + folder.resolve("none")))
                .contains("no image network patch")
                .contains("image");
        assertThat(gv(2, "export", folder.resolve("cache").toString(), "--out=" + folder.resolve("none")))
                .contains("nor a run directory");
        assertThat(folder.resolve("none")).doesNotExist();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith(".export-"));
        }
    }
}

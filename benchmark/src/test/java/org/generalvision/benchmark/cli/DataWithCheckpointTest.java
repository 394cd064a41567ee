package org.generalvision.benchmark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.generalvision.benchmark.cli.Outcome.gv;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.benchmark.embed.CheckpointEmbedder;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.source.StarterCorpus;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data commands that need a model, with one that was trained for two steps. */
class DataWithCheckpointTest {
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
                "train.steps=2",
                "train.schedule.warmup=1");
    }

    private static Path shards(String name) {
        Path directory = folder.resolve(name);
        try (ExampleSource starter = StarterCorpus.open("clipart-validation", folder.resolve("cache"));
                ShardWriter writer = ShardWriter.create(directory, 1 << 20)) {
            for (int i = 0; i < 70; i++) {
                writer.add(starter.get(i));
            }
            Example first = starter.get(0);
            writer.add(Example.builder("broken", ByteBuffer.wrap(new byte[] {1, 2, 3}), "made-up", "MIT")
                    .captions(first.captions())
                    .labels(first.labels())
                    .build());
            writer.finish();
        }
        return directory;
    }

    @Test
    void vectorsHaveLengthOneAndDoNotDependOnTheBatch() {
        try (ExampleSource starter = StarterCorpus.open("clipart-validation", folder.resolve("cache"));
                CheckpointEmbedder embedder = CheckpointEmbedder.open(run)) {
            List<Example> examples = new ArrayList<>(List.of(starter.get(0), starter.get(1), starter.get(2)));
            float[][] images = embedder.images(examples);
            assertThat(images).hasDimensions(3, embedder.width());
            assertClose(embedder.images(List.of(examples.get(2)))[0], images[2]);
            float[][] texts = embedder.texts(List.of("a cat", "a flag"));
            assertClose(embedder.texts(List.of("a flag"))[0], texts[1]);
            for (float[] vector : List.of(images[0], texts[0], texts[1])) {
                double length = 0;
                for (float value : vector) {
                    length += value * value;
                }
                assertThat(length).isCloseTo(1, within(1e-4));
            }
        }
    }

    @Test
    void aLocalCheckpointEmbedsTextsAsTheOneThatItStartedFrom() {
        Path local = folder.resolve("local");
        gv(
                0,
                "pretrain",
                "local-desk",
                "--initialize-from=" + run,
                "--run-dir=" + local,
                "--cache=" + folder.resolve("cache"),
                "data.train.split=clipart-validation",
                "data.loader.batchSize=8",
                "evaluation.zeroShot=[]",
                "evaluation.retrieval=[]",
                "regions.data={kind: shards, directory: '" + shards("regions") + "'}",
                "evaluation.loader.quarantineLimit=0.1",
                "train.steps=1",
                "train.schedule.warmup=0");
        try (ExampleSource starter = StarterCorpus.open("clipart-validation", folder.resolve("cache"));
                CheckpointEmbedder before = CheckpointEmbedder.open(run);
                CheckpointEmbedder after = CheckpointEmbedder.open(local)) {
            List<String> texts = List.of("a cat", "a flag");
            assertThat(after.texts(texts)).isDeepEqualTo(before.texts(texts));
            List<Example> image = List.of(starter.get(0));
            assertThat(after.images(image)[0]).hasSize(after.width()).isNotEqualTo(before.images(image)[0]);
        }
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).usingComparatorWithPrecision(1e-4f).containsExactly(expected);
    }

    @Test
    void theLeastConsistentShareGoesAndComesBack() throws IOException {
        Path directory = shards("consistency");
        JsonNode told = new ObjectMapper()
                .readTree(gv(
                        0,
                        "data",
                        "consistency",
                        directory.toString(),
                        "--checkpoint=" + run,
                        "--bottom=0.1",
                        "--json"));
        assertThat(told.at("/examples").asInt()).isEqualTo(71);
        assertThat(told.at("/removed").asInt()).isEqualTo(7);
        assertThat(told.at("/list").asText()).isEqualTo("001-consistency");
        gv(0, "data", "undo", directory.toString());
        JsonNode steps = new ObjectMapper().readTree(gv(0, "data", "steps", directory.toString(), "--json"));
        assertThat(steps.at("/examples").asInt()).isEqualTo(71);
        assertThat(steps.at("/undone/0/name").asText()).isEqualTo("001-consistency");
    }

    @Test
    void scoresOfACheckpointDriveTheSelection() throws IOException {
        Path directory = shards("selection");
        Path scores = folder.resolve("scores.jsonl");
        gv(0, "data", "score", directory.toString(), "--checkpoint=" + run, "--out=" + scores);
        assertThat(Files.readAllLines(scores)).hasSize(70); // the broken image has no line
        Path questions = folder.resolve("questions.jsonl");
        gv(0, "data", "select", directory.toString(), "--scores=" + scores, "--count=5", "--out=" + questions);
        assertThat(Files.readAllLines(questions)).hasSize(5);
        gv(
                0,
                "data",
                "dedupe",
                directory.toString(),
                "--by=meaning",
                "--checkpoint=" + run,
                "--similarity=1",
                "--dry-run");
    }

    @Test
    void whatIsNoCheckpointIsBadInput() {
        Path directory = shards("bad");
        assertThat(gv(2, "data", "consistency", directory.toString(), "--checkpoint=" + directory, "--bottom=0.1"))
                .contains("is neither a complete checkpoint");
        assertThat(gv(2, "data", "consistency", directory.toString(), "--checkpoint=" + run))
                .contains("Say what is to go");
        assertThat(gv(2, "data", "dedupe", directory.toString(), "--by=meaning"))
                .contains("--checkpoint or --features");
    }
}

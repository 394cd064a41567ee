package org.generalvision.benchmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.source.StarterCorpus;
import org.generalvision.recipe.Recipe;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a training command says about recipes, data, checkpoints and places that are wrong. */
class BadInputTest {
    @TempDir
    static Path shared = Path.of("");

    @TempDir
    Path folder = Path.of("");

    /** A directory of 32 pairs. */
    private static Path shards = Path.of("");

    /** A run of one step. */
    private static Path good = Path.of("");

    /** A copy of it. */
    private Path run = Path.of("");

    @BeforeAll
    static void trainOneStep() {
        shards = shards("shards", 0);
        good = shared.resolve("good");
        Outcome outcome = train("clip-desk", good, "train.steps=1");
        assertThat(outcome.status()).as(outcome.err()).isZero();
    }

    @BeforeEach
    void copyTheRun() throws IOException {
        run = folder.resolve("run");
        copy(good, run);
    }

    private static Path shards(String name, int numBroken) {
        Path directory = shared.resolve(name);
        try (ExampleSource corpus = StarterCorpus.open("clipart-validation", shared.resolve("cache"));
                ShardWriter writer = ShardWriter.create(directory, 1 << 20)) {
            for (int i = 0; i < 32; i++) {
                Example example = corpus.get(i);
                writer.add(i >= numBroken ? example : broken(example));
            }
            writer.finish();
        }
        return directory;
    }

    private static Example broken(Example example) {
        ByteBuffer half = example.image().slice(0, example.image().remaining() / 2);
        return example.toBuilder().image(half).build();
    }

    private static Outcome train(String recipe, Path directory, String... more) {
        return train(recipe, shards, directory, more);
    }

    private static Outcome train(String recipe, Path data, Path directory, String... more) {
        String[] fixed = {"data.train={kind: shards, directory: '" + data + "'}", "--run-dir", directory.toString()};
        return Outcome.pretrain(
                recipe, Stream.concat(Stream.of(fixed), Stream.of(more)).toArray(String[]::new));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path recipe(String line, String replacement) throws IOException {
        String text = Recipe.load("clip-desk").text();
        assertThat(text).contains(line);
        return Files.writeString(folder.resolve("mine.yaml"), text.replaceFirst(line, replacement));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "  steps: 300  |   stpes: 300   | train.stpes | steps",
                "  clipNorm: 1  | '' | train.clipNorm | misses the key",
                "  steps: 300  |   steps: many  | train.steps | whole number",
                "  steps: 300  |   steps: -4    | steps | -4",
                "kind: clip    | kind: clop     | clop | clip",
            })
    void aWrongKeyIsNamedWithFileAndLine(String line, String replacement, String name, String says) throws IOException {
        Path file = recipe(line.stripTrailing(), replacement.stripTrailing());
        Outcome outcome = Outcome.of(
                "pretrain", file.toString(), "--run-dir", folder.resolve("new").toString());
        outcome.assertRefused("mine.yaml", name, says);
        assertThat(outcome.err()).containsPattern("mine.yaml:\\d+|line \\d+");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"model.safetensors", "optimizer.safetensors", "state.json", "recipe.yaml", "provenance.json"})
    void aDamagedCheckpointIsNamedAndLeftAlone(String name) throws IOException {
        Path file = run.resolve("step-00000001").resolve(name);
        byte[] whole = Files.readAllBytes(file);
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 4;
        for (byte[] damaged : List.of(flipped, Arrays.copyOf(whole, whole.length / 2))) {
            Files.write(file, damaged);
            train("clip-desk", run, "train.steps=2", "--resume")
                    .assertRefused(name, "is damaged", "remove this checkpoint");
            assertThat(file).hasBinaryContent(damaged);
        }
    }

    @Test
    void aCheckpointOfAnotherArchitectureSaysWhatDiffers() {
        Path weights = run.resolve("step-00000001");
        train(
                        "amateur-desk",
                        folder.resolve("new"),
                        "train.steps=1",
                        "objective.queueSize=8",
                        "--initialize-from",
                        weights.toString())
                .assertRefused("does not fit this network", "missing masked_language.head.weight (515, 32)");
        train(
                        "clip-desk",
                        folder.resolve("newer"),
                        "train.steps=1",
                        "model.embeddingWidth=64",
                        "--resume-from",
                        weights.toString())
                .assertRefused("does not fit this network", "(64,", "instead of");
    }

    @Test
    void aRecipeThatDoesNotFitLeavesTheOneOfTheRunAlone() throws IOException {
        String recipe = Files.readString(run.resolve("recipe.yaml"));
        train("clip-desk", run, "train.steps=2", "model.embeddingWidth=64", "--resume")
                .assertRefused("does not fit this network");
        assertThat(run.resolve("recipe.yaml")).hasContent(recipe);
    }

    @Test
    void aDamagedWeightFileIsNamed() throws IOException {
        Path weights = folder.resolve("weights.safetensors");
        byte[] whole = Files.readAllBytes(run.resolve("step-00000001/model.safetensors"));
        Files.write(weights, Arrays.copyOf(whole, whole.length - 5));
        train("clip-desk", folder.resolve("new"), "train.steps=1", "--initialize-from", weights.toString())
                .assertRefused("weights.safetensors");
        whole[0] ^= 0x40;
        Files.write(weights, whole);
        train("clip-desk", folder.resolve("newer"), "train.steps=1", "--initialize-from", weights.toString())
                .assertRefused("weights.safetensors");
    }

    @Test
    void aDamagedShardIsNamed() throws IOException {
        Path copy = folder.resolve("shards");
        copy(shards, copy);
        Path shard = copy.resolve("00000.arrow");
        byte[] whole = Files.readAllBytes(shard);
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 1;
        int number = 0;
        for (byte[] damaged : List.of(flipped, Arrays.copyOf(whole, whole.length / 2), new byte[0])) {
            Files.write(shard, damaged);
            train("clip-desk", copy, folder.resolve("new" + number++), "train.steps=1")
                    .assertRefused("00000.arrow");
        }
        Files.delete(shard);
        train("clip-desk", copy, folder.resolve("new" + number), "train.steps=1")
                .assertRefused("00000.arrow");
    }

    @Test
    void corruptImagesAreLeftOutUpToTheBudget() throws IOException {
        Path data = shards("broken", 2);
        Path within = folder.resolve("within");
        Outcome outcome = train("clip-desk", data, within, "train.steps=4", "data.loader.quarantineLimit=0.1");
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(Files.readAllLines(within.resolve("quarantine.jsonl"))).hasSize(2);
        train("clip-desk", data, folder.resolve("beyond"), "train.steps=4", "data.loader.quarantineLimit=0.04")
                .assertRefused("2 of 32 samples are unreadable", "quarantineLimit", "quarantine.jsonl");
        MoreFiles.deleteRecursively(data, RecursiveDeleteOption.ALLOW_INSECURE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"clip-desk", "amateur-desk"})
    void chunksThatAreNotAlikeAreRefused(String recipe) {
        train(recipe, folder.resolve("chunks"), "objective.chunkSize=3")
                .assertRefused("objective.chunkSize must divide data.loader.batchSize", ": 3");
        train(recipe, folder.resolve("chunks"), "objective.chunkSize=0").assertRefused("objective.chunkSize", ": 0");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Outcome outcome = train("clip-desk", file.resolve("run"), "train.steps=1");
        outcome.assertRefused(file.toString());
    }

    @Test
    void aLossThatIsNotFiniteLeavesABundleThatReplays() throws IOException {
        Path directory = folder.resolve("diverged");
        // A first step this large leaves weights that no later forward pass can multiply.
        String[] wild = {"train.steps=9", "train.optimizer.learningRate=1e37", "train.clipNorm=0"};
        Outcome outcome = train("clip-desk", directory, wild);
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("gv: Step ").contains("The update was not made", "--replay ");
        Path bundle;
        try (Stream<Path> files = Files.list(directory)) {
            bundle = files.filter(path -> path.getFileName().toString().startsWith("failed-step-"))
                    .findFirst()
                    .orElseThrow();
        }
        Outcome again = Outcome.of("pretrain", bundle.resolve("recipe.yaml").toString(), "--replay", bundle.toString());
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).isEqualTo(outcome.err());
    }
}

package org.generalvision.metanet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Pass;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.SafetensorsWriter;
import org.generalvision.weights.WeightLoader;
import org.generalvision.zoo.ZooCatalog;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ZooCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private @Nullable Exception thrown;

    @BeforeEach
    void seed() {
        Engine.getEngine("PyTorch").setRandomSeed(9);
    }

    private int run(String... arguments) {
        return new CommandLine(new ZooCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((e, command, result) -> {
                    thrown = e;
                    return 1;
                })
                .execute(arguments);
    }

    @Test
    void listPrintsEveryNetworkAsJson() throws IOException {
        assertThat(run("list", "--json")).isZero();
        JsonNode list = new ObjectMapper().readTree(out.toString());
        assertThat(list.findValuesAsText("name")).containsExactlyElementsOf(ZooCatalog.names());
        JsonNode resnet50 = list.get(ZooCatalog.names().indexOf("resnet50"));
        assertThat(resnet50.get("params").asLong()).isEqualTo(25_557_032);
        assertThat(resnet50.get("gmacs").asDouble()).isCloseTo(4.089, within(1e-3));
        assertThat(resnet50.get("resolution").asInt()).isEqualTo(224);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void listPrintsOneLineForEachNetwork() {
        assertThat(run("list")).isZero();
        assertThat(out.toString().lines()).hasSize(1 + ZooCatalog.names().size());
        assertThat(out.toString()).contains("31,705,992").contains("3.168");
    }

    @Test
    void describeShowsTheStagesOfTheNamedNetworkAtAnyResolution() throws IOException {
        assertThat(run("describe", "MN-B4", "--resolution", "256", "--json")).isZero();
        JsonNode description = new ObjectMapper().readTree(out.toString());
        assertThat(description.get("name").asText()).isEqualTo("mn-b4");
        assertThat(description.get("gmacs").asDouble()).isCloseTo(4.1801, within(5e-5));
        JsonNode stage = description.get("stages").get(3);
        assertThat(stage.get("name").asText()).isEqualTo("stages.2");
        assertThat(stage.get("params").asLong()).isEqualTo(2_677_280);
        assertThat(stage.get("output").toString()).isEqualTo("[1,128,32,32]");
        long bytes = 0;
        for (JsonNode each : description.get("stages")) {
            bytes += each.get("activationBytes").asLong();
        }
        assertThat(description.get("activationBytes").asLong()).isEqualTo(bytes);
    }

    @Test
    void describePrintsATable() {
        assertThat(run("describe", "resnet18", "--classes", "10")).isZero();
        assertThat(out.toString()).contains("layer4").contains("11,181,642");
    }

    @Test
    void describeTakesTheLineOfAnArchitectureAndARecipeThatHoldsOne() throws IOException {
        String line = "stem_c8 mbconv_e2_s2_r1_c16 lg-dsm+sa_e2_s2_r1_c32_h16 head_c64";
        assertThat(run("describe", line, "--resolution", "32", "--classes", "4", "--json"))
                .isZero();
        JsonNode ofLine = new ObjectMapper().readTree(out.toString());
        assertThat(ofLine.get("source").asText()).isEqualTo(line);
        assertThat(ofLine.get("stages").get(2).get("output").toString()).isEqualTo("[1,32,4,4]");
        assertThat(ofLine.has("timing")).isFalse();
        Path recipe = folder.resolve("mine.yaml");
        Files.writeString(recipe, "architecture: " + line + "\nclasses: 4\nresolution: 32\nsource: here\n");
        out.getBuffer().setLength(0);
        assertThat(run("describe", recipe.toString(), "--json")).isZero();
        JsonNode ofRecipe = new ObjectMapper().readTree(out.toString());
        assertThat(ofRecipe.get("name").asText()).isEqualTo("mine");
        assertThat(ofRecipe.get("params")).isEqualTo(ofLine.get("params"));
        run("describe", "stem_c8 sa_e2_s2_r1_c20_h3 head_c64");
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3 does not divide 8");
    }

    @Test
    void describeMeasuresEachStageForwardAndBackward() throws IOException {
        assertThat(run(
                        "describe",
                        "mn-n",
                        "--resolution",
                        "32",
                        "--measure",
                        "--batch",
                        "2",
                        "--rounds",
                        "1",
                        "--json"))
                .isZero();
        JsonNode timing = new ObjectMapper().readTree(out.toString()).get("timing");
        assertThat(timing.get("batch").asInt()).isEqualTo(2);
        assertThat(timing.get("best").asText()).isIn("float32", "mixed");
        assertThat(timing.get("precisions")).hasSize(2);
        for (JsonNode precision : timing.get("precisions")) {
            assertThat(precision.get("stages")).hasSize(8);
            double forward = 0;
            for (JsonNode stage : precision.get("stages")) {
                assertThat(stage.get("backwardMillis").asDouble()).isPositive();
                forward += stage.get("forwardMillis").asDouble();
            }
            assertThat(precision.get("forwardMillis").asDouble()).isCloseTo(forward, within(1e-9));
        }
        out.getBuffer().setLength(0);
        assertThat(run("describe", "mn-n", "--resolution", "32", "--measure", "--batch", "2", "--rounds", "1"))
                .isZero();
        assertThat(out.toString()).contains("best precision").contains("mixed forward");
        run("describe", "mn-n", "--measure", "--batch", "0");
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("--batch");
    }

    @Test
    void anUnknownNetworkIsBadInput() {
        run("describe", "resnet5");
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("resnet50");
    }

    @Test
    void aMissingCommandIsBadUsage() {
        assertThat(run()).isEqualTo(2);
    }

    @Test
    void forwardComputesWhatTheNetworkComputesInEvaluationMode() {
        Path output = folder.resolve("y.safetensors");
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Backbone network = ZooCatalog.create("mn-n", 5, 64);
            network.initialize(manager, DataType.FLOAT32);
            Path weights = write("weights", arrays -> arrays.putAll(WeightLoader.arrays(network)));
            NDArray x = manager.randomNormal(new Shape(18, 3, 32, 40));
            Path input = write("input", arrays -> arrays.put("input", x));
            assertThat(forward("mn-n", weights, input, output, "--classes", "5"))
                    .isZero();
            try (SafetensorsFile result = SafetensorsFile.open(output)) {
                NDArray logits = result.read("logits", manager);
                assertThat(result.names()).containsExactly("logits");
                assertThat(logits.getShape()).isEqualTo(new Shape(18, 5));
                NDArray expected = network.forward(x, Pass.evaluation());
                assertThat(logits.sub(expected).abs().max().getFloat()).isLessThan(1e-5f);
            }
        }
    }

    @Test
    void tensorsThatInferenceDoesNotNeedMayBePresent() {
        Path weights = resnetWeights(arrays -> {
            NDManager manager = fcBias(arrays).getManager();
            arrays.put("bn1.num_batches_tracked", manager.create(7L));
            arrays.put("layer1.0.bn1.num_batches_tracked", manager.create(7L));
        });
        assertThat(forward("resnet18", weights, picture(), folder.resolve("y.safetensors")))
                .isZero();
    }

    @Test
    void withoutWeightsTheyAreRandomButAlwaysTheSame() throws IOException {
        Path input = picture();
        Path first = folder.resolve("first.safetensors");
        Path second = folder.resolve("second.safetensors");
        assertThat(run("forward", "--model", "mn-n", "--input", input.toString(), "--output", first.toString()))
                .isZero();
        assertThat(err.toString()).contains("seed 0");
        run("forward", "--model", "mn-n", "--input", input.toString(), "--output", second.toString());
        assertThat(Files.readAllBytes(second)).isEqualTo(Files.readAllBytes(first));
    }

    @Test
    void weightsWithAMissingTensorAreRefused() {
        assertRefused(arrays -> arrays.remove("layer2.0.conv1.weight"), "layer2.0.conv1.weight");
    }

    @Test
    void weightsWithAnUnexpectedTensorAreRefused() {
        assertRefused(arrays -> arrays.put("layer9.weight", fcBias(arrays)), "layer9.weight");
    }

    @Test
    void weightsOfAnotherNumberOfClassesAreRefused() {
        assertRefused(arrays -> arrays.put("fc.bias", fcBias(arrays).get("0:10")), "fc.bias");
    }

    private void assertRefused(Consumer<SortedMap<String, NDArray>> spoil, String named) {
        Path output = folder.resolve("y.safetensors");
        assertThat(forward("resnet18", resnetWeights(spoil), picture(), output)).isEqualTo(1);
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(named);
        assertThat(output).doesNotExist();
    }

    @Test
    void aTruncatedWeightFileIsRefused() throws IOException {
        Path weights = resnetWeights(arrays -> {});
        byte[] content = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(content, content.length - 4));
        Path output = folder.resolve("y.safetensors");
        assertThat(forward("resnet18", weights, picture(), output)).isEqualTo(1);
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("weights.safetensors");
        assertThat(output).doesNotExist();
    }

    @Test
    void aMissingWeightFileIsReportedAsMissing() {
        Path output = folder.resolve("y.safetensors");
        forward("resnet18", folder.resolve("nowhere.safetensors"), picture(), output);
        assertThat(thrown).isInstanceOf(UncheckedIOException.class).cause().isInstanceOf(NoSuchFileException.class);
        assertThat(output).doesNotExist();
    }

    @Test
    void anInputThatIsNoBatchOfPicturesIsRefused() {
        Path output = folder.resolve("y.safetensors");
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Path gray = write("gray", arrays -> arrays.put("input", manager.ones(new Shape(1, 1, 8, 8))));
            run("forward", "--model", "mn-n", "--input", gray.toString(), "--output", output.toString());
            assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("(N, 3, H, W)");
            Path other = write("other", arrays -> arrays.put("image", manager.ones(new Shape(1, 3, 8, 8))));
            run("forward", "--model", "mn-n", "--input", other.toString(), "--output", output.toString());
            assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("input");
        }
        assertThat(output).doesNotExist();
    }

    private static NDArray fcBias(SortedMap<String, NDArray> arrays) {
        return Objects.requireNonNull(arrays.get("fc.bias"));
    }

    private int forward(String model, Path weights, Path input, Path output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "forward",
                "--model",
                model,
                "--weights",
                weights.toString(),
                "--input",
                input.toString(),
                "--output",
                output.toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private Path picture() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            NDArray x = manager.randomNormal(new Shape(1, 3, 32, 32));
            return write("input", arrays -> arrays.put("input", x));
        }
    }

    private Path resnetWeights(Consumer<SortedMap<String, NDArray>> change) {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            Backbone network = ZooCatalog.create("resnet18", 1000, 224);
            network.initialize(manager, DataType.FLOAT32);
            return write("weights", arrays -> {
                arrays.putAll(WeightLoader.arrays(network));
                change.accept(arrays);
            });
        }
    }

    private Path write(String name, Consumer<SortedMap<String, NDArray>> content) {
        SortedMap<String, NDArray> arrays = new TreeMap<>();
        content.accept(arrays);
        Path path = folder.resolve(name + ".safetensors");
        SafetensorsWriter.write(path, arrays, Map.of());
        return path;
    }
}

package org.generalvision.upstream.generalist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.generalvision.nn.Backbone;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.Losses;
import org.generalvision.train.Origin;
import org.generalvision.train.StageRun;
import org.generalvision.train.StopRequest;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.amateur.Gradients;
import org.generalvision.upstream.expert.HeadedCheckpoint;
import org.generalvision.upstream.head.Numbers;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.WeightLoader;
import org.generalvision.zoo.ZooCatalog;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneralistTrainingTest {
    private static final List<String> SETS = List.of("classes", "boxes", "pixels", "depth");

    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void makeData() {
        Squares.write(folder.resolve("data"));
    }

    private static Recipe recipe(String sharing) {
        Path data = folder.resolve("data");
        return sharing.equals("soft") ? Squares.soft(data) : Squares.hard(data);
    }

    private static List<JsonNode> metrics(Path run) {
        List<JsonNode> lines = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
                lines.add(new ObjectMapper().readTree(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    @ParameterizedTest
    @CsvSource({"soft", "hard"})
    void everyTaskLearnsItsGradientsAreLoggedAndTheNetworkIsOpenedAgain(String sharing) {
        Path run = folder.resolve("learned-" + sharing);
        Checkpoint checkpoint = Squares.run(recipe(sharing), run, "train.steps=8");
        List<JsonNode> lines = metrics(run);
        JsonNode first = lines.get(0);
        JsonNode last = lines.get(7);
        for (String loss : List.of("classes/class", "boxes/classes", "pixels/pixels", "depth/depth")) {
            assertThat(last.path("loss/" + loss).asDouble())
                    .as(loss)
                    .isLessThan(first.path("loss/" + loss).asDouble());
        }
        for (String set : SETS) {
            assertThat(first.path("gradient/" + set).asDouble()).isPositive();
        }
        // The branches share nothing but where two data sets are of one branch.
        Set<String> cosines = new TreeSet<>();
        last.fieldNames().forEachRemaining(name -> {
            if (name.startsWith("gradientCosine/")) {
                cosines.add(name);
                assertThat(last.path(name).asDouble()).isBetween(-1.0, 1.0);
            }
        });
        assertThat(cosines).hasSize(sharing.equals("soft") ? 1 : 6).contains("gradientCosine/depth/pixels");
        assertThat(checkpoint.evaluation())
                .containsKeys("classes/top1", "boxes/boxAp", "boxes/maskAp", "pixels/meanIou", "depth/rmse");
        boolean gradients = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try (NDManager manager = NDManager.newBaseManager()) {
            HeadedCheckpoint opened = UpstreamRecipe.openHeaded(run, manager);
            NDArray images = manager.ones(new Shape(2, 3, 64, 64));
            NDArray pooled =
                    opened.network().features("classes", images, opened.pass()).pooled();
            assertThat(pooled.abs().max().getFloat()).isPositive();
            requireTowerLoadsElsewhere(
                    checkpoint, sharing.equals("soft") ? "branches.patch.image." : "image.", manager);
        } finally {
            JniUtils.setGradMode(gradients);
        }
    }

    private static void requireTowerLoadsElsewhere(Checkpoint checkpoint, String prefix, NDManager manager) {
        Backbone tower = ZooCatalog.create("mn-n", 0, 64);
        tower.initialize(manager, DataType.FLOAT32);
        SortedMap<String, NDArray> targets = new TreeMap<>();
        WeightLoader.arrays(tower).forEach((path, array) -> targets.put(prefix + path, array));
        try (SafetensorsFile weights = SafetensorsFile.open(checkpoint.model())) {
            WeightLoader.load(targets, weights, name -> !name.startsWith(prefix));
        }
    }

    @ParameterizedTest
    @CsvSource({"soft", "hard"})
    void aRunThatIsStoppedAndGoesOnEndsWithTheSameBytes(String sharing) {
        String steps = "train.steps=3";
        Checkpoint whole = Squares.run(recipe(sharing), folder.resolve("whole-" + sharing), steps);
        Path stopped = folder.resolve("stopped-" + sharing);
        StopRequest stop = new StopRequest();
        Recipe recipe = recipe(sharing).with(List.of(steps));
        recipe.as(UpstreamRecipe.class)
                .run(new StageRun(
                        stopped,
                        recipe.text(),
                        Origin.scratch(),
                        folder.resolve("cache"),
                        new Squares.Watch() {
                            @Override
                            public void step(Report report) {
                                stop.request();
                            }
                        },
                        stop));
        Checkpoint resumed = Squares.run(recipe(sharing), stopped, steps);
        for (String file : List.of("model.safetensors", "optimizer.safetensors", "state.json")) {
            assertThat(resumed.path().resolve(file))
                    .hasSameBinaryContentAs(whole.path().resolve(file));
        }
        assertThat(stopped.resolve("metrics.jsonl"))
                .hasSameBinaryContentAs(folder.resolve("whole-" + sharing).resolve("metrics.jsonl"));
    }

    @ParameterizedTest
    @CsvSource({"soft", "hard"})
    void mixedPrecisionStaysNearFloat32(String sharing) {
        double[] losses = new double[2];
        for (int i = 0; i < 2; i++) {
            Path run = folder.resolve("precision-" + i + "-" + sharing);
            String precision = i == 0 ? "float32" : "mixed";
            Squares.run(recipe(sharing), run, "train.steps=2", "train.precision=" + precision);
            losses[i] = metrics(run).get(1).path("loss").asDouble();
        }
        assertThat(losses[1]).isCloseTo(losses[0], within(0.1 * losses[0]));
    }

    private static SortedMap<String, double[]> weights(Checkpoint checkpoint, String prefix) {
        SortedMap<String, double[]> weights = new TreeMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(checkpoint.model());
                NDManager manager = NDManager.newBaseManager()) {
            for (String name : file.names()) {
                if (name.startsWith(prefix) && !name.contains("running_")) {
                    weights.put(name.substring(prefix.length()), Numbers.of(file.read(name, manager)));
                }
            }
        }
        return weights;
    }

    @Test
    void aBranchStartsAsItsExpertAndOthersAsTheCommandLineSays() {
        Checkpoint expert = Squares.run(Squares.expert(folder.resolve("data")), folder.resolve("expert"));
        Checkpoint other = Squares.run(Squares.expert(folder.resolve("data")), folder.resolve("other"), "train.seed=6");
        String still = "train.optimizer.learningRate=1e-30";
        Recipe recipe = Squares.soft(folder.resolve("data"))
                .with(List.of("train.steps=1", still, "branches.1.initializeFrom=" + folder.resolve("expert")));
        Checkpoint begun =
                Squares.run(recipe, folder.resolve("begun"), Origin.initializeFrom(other.path()), new Squares.Watch());
        for (String part : List.of("image.", "pyramid.", "heads.boxes.")) {
            assertThat(weights(begun, "branches.patch." + part))
                    .isNotEmpty()
                    .usingRecursiveComparison()
                    .isEqualTo(weights(expert, part));
        }
        assertThat(weights(begun, "branches.image.image."))
                .usingRecursiveComparison()
                .isEqualTo(weights(other, "image."));
        assertThat(weights(begun, "branches.pixel.heads.depth."))
                .usingRecursiveComparison()
                .isEqualTo(weights(other, "heads.depth."));
        Recipe renamed = Squares.soft(folder.resolve("data"))
                .with(List.of(
                        "branches.2.initializeFrom=" + folder.resolve("expert"),
                        "branches.2.expertHeads={pixels: renamed}"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Squares.run(renamed, folder.resolve("renamed")))
                .withMessageContaining("has no head renamed, only [");
        Checkpoint hard = Squares.run(
                Squares.hard(folder.resolve("data")).with(List.of("train.steps=1", still)),
                folder.resolve("begun-hard"),
                Origin.initializeFrom(expert.path()),
                new Squares.Watch());
        assertThat(weights(hard, "heads.pixels."))
                .usingRecursiveComparison()
                .isEqualTo(weights(expert, "heads.pixels."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soft", "hard"})
    void batchesTooSmallForAHeadAreRefusedBeforeAnythingIsWritten(String sharing) {
        Path run = folder.resolve("single-" + sharing);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Squares.run(recipe(sharing), run, "loader.batchSize=1"))
                .withMessageContaining("loader.batchSize must be at least 2, since the head of pixels");
        assertThat(run).doesNotExist();
    }

    @Test
    void expertsThatDoNotFitAreRefusedBeforeAnythingIsWritten() {
        Path data = folder.resolve("data");
        Checkpoint resnet = Squares.run(Squares.expert(data), folder.resolve("resnet"), "model.image=resnet18");
        Checkpoint soft = Squares.run(Squares.soft(data), folder.resolve("of-branches"));
        for (Map.Entry<Checkpoint, String> wrong : Map.of(
                        resnet, "does not fit this network", soft, "is of kind generalist-soft")
                .entrySet()) {
            Path run = folder.resolve("refused");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Squares.run(
                            Squares.soft(data),
                            run,
                            "branches.0.initializeFrom=" + wrong.getKey().path()))
                    .withMessageContaining(wrong.getValue());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Squares.run(
                            Squares.hard(data),
                            run,
                            Origin.initializeFrom(wrong.getKey().path()),
                            new Squares.Watch()))
                    .withMessageContaining(wrong.getValue());
            assertThat(run).doesNotExist();
        }
    }

    @Test
    void uncertaintyWeighsByTheLogVariancesAndLearnsThemAsEquation10Says() {
        try (NDManager manager = NDManager.newBaseManager()) {
            LossBalance.Scales scales = new LossBalance.Uncertainty().over(List.of("a", "b"));
            scales.initialize(manager, DataType.FLOAT32);
            SortedMap<String, NDArray> arrays = WeightLoader.arrays(scales);
            assertThat(arrays.keySet()).containsExactly("a", "b");
            double s = 0.7;
            NDArray logVariance = Objects.requireNonNull(arrays.get("b"));
            logVariance.addi(s);
            NDArray first = manager.create(3f);
            NDArray second = manager.create(5f);
            double loss = 2 * 3 + 0.5 * 5;
            List<NDArray> gradients = Gradients.of(
                    List.of(logVariance, first),
                    () -> scales.weigh("b", new Losses().add("x", 2, first).add("y", 0.5, second))
                            .total());
            assertThat(gradients.get(0).getFloat()).isCloseTo((float) (-Math.exp(-s) * loss + 0.5), within(1e-5f));
            assertThat(gradients.get(1).getFloat()).isCloseTo((float) (2 * Math.exp(-s)), within(1e-6f));
            int before = manager.getManagedArrays().size();
            try (NDManager batch = manager.newSubManager()) {
                Losses weighed = scales.weigh("b", new Losses().add("x", 2, batch.create(3f)));
                assertThat(weighed.total().getFloat()).isCloseTo((float) (Math.exp(-s) * 6 + s / 2), within(1e-5f));
                assertThat(weighed.terms()).extracting(Losses.Term::name).containsExactly("x", "b/halfLogVariance");
            }
            assertThat(manager.getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void fixedWeightsMultiplyAndMustBeForEveryDataSet() {
        try (NDManager manager = NDManager.newBaseManager()) {
            LossBalance balance = new LossBalance.Fixed(Map.of("a", 0.25, "b", 4.0));
            Losses losses = new Losses().add("x", 2, manager.create(3f));
            LossBalance.Scales scales = balance.over(List.of("b", "a"));
            assertThat(scales.weigh("a", losses).total().getFloat()).isEqualTo(1.5f);
            assertThat(scales.weigh("b", losses).total().getFloat()).isEqualTo(24f);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> balance.over(List.of("a")))
                    .withMessageContaining("a number for each data set, [a], and is for [a, b]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new LossBalance.Fixed(Map.of("a", 0.0)))
                    .withMessageContaining("that of a is 0.0");
        }
    }
}

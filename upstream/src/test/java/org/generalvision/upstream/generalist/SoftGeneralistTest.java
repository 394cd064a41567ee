package org.generalvision.upstream.generalist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.Loader;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.load.Quarantine;
import org.generalvision.data.load.TakingTurns;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Origin;
import org.generalvision.train.RunDirectory;
import org.generalvision.train.TrainLoop;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.Features;
import org.generalvision.weights.WeightLoader;
import org.generalvision.zoo.ZooCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoftGeneralistTest {
    private static final int STEPS = 3;

    @TempDir
    private static Path folder = Path.of("");

    private final NDManager manager = NDManager.newBaseManager();

    @BeforeAll
    static void makeData() {
        Squares.write(folder.resolve("data"));
    }

    @BeforeEach
    void noGraph() {
        JniUtils.setGradMode(false);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static UpstreamRecipe.GeneralistSoft recipe(String... overrides) {
        return (UpstreamRecipe.GeneralistSoft)
                Squares.soft(folder.resolve("data")).with(List.of(overrides)).as(UpstreamRecipe.class);
    }

    private SoftGeneralist network(String... overrides) {
        UpstreamRecipe.GeneralistSoft recipe = recipe(overrides);
        SoftGeneralist network = new SoftGeneralist(recipe.network(), recipe.dataSets(), 1);
        JniUtils.setSeed(3);
        network.initialize(manager, DataType.FLOAT32);
        return network;
    }

    private static byte[] bytes(NDArray array) {
        ByteBuffer buffer = array.toByteBuffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static SortedMap<String, byte[]> bytes(SoftGeneralist network) {
        SortedMap<String, byte[]> bytes = new TreeMap<>();
        WeightLoader.arrays(network).forEach((path, array) -> bytes.put(path, bytes(array)));
        return bytes;
    }

    /** Sides that are odd at every level. */
    private NDArray images() {
        JniUtils.setSeed(8);
        return manager.randomNormal(new Shape(3, 3, 68, 76));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void atTheStartBranchesAreByteEqualToThoseWithoutTransfer(boolean training) {
        for (String name : List.of("classes", "boxes", "pixels", "depth")) {
            List<byte[]> outputs = new ArrayList<>();
            for (String transfer : List.of("transfer={strides: [4, 8, 16], innerNorm: 1}", "transfer=null")) {
                SoftGeneralist network = network(transfer);
                Pass pass = training ? Pass.training(Precision.FLOAT32) : Pass.evaluation();
                Features features = network.features(name, images(), pass);
                outputs.add(bytes(features.pooled()));
                features.maps(List.of(4, 8, 16, 32)).forEach(map -> outputs.add(bytes(map)));
            }
            int half = outputs.size() / 2;
            for (int i = 0; i < half; i++) {
                assertThat(outputs.get(i)).isEqualTo(outputs.get(half + i));
            }
        }
    }

    @Test
    void aTransferThatHasLearnedChangesItsTargetAlone() {
        SoftGeneralist network = network();
        Map<String, byte[]> before = new TreeMap<>();
        for (String name : List.of("classes", "boxes", "depth")) {
            before.put(
                    name,
                    bytes(network.features(name, images(), Pass.evaluation()).pooled()));
        }
        WeightLoader.arrays(network).forEach((path, array) -> {
            if (path.startsWith("transfer.patch.")) {
                array.addi(0.1);
            }
        });
        before.forEach((name, bytes) -> assertThat(bytes(
                        network.features(name, images(), Pass.evaluation()).pooled()))
                .as(name)
                .matches(now -> Arrays.equals(now, bytes) != name.equals("boxes")));
    }

    /** Trains with one data set, and says after each step which paths have changed in it. */
    private List<Set<String>> changesOf(String dataSet, SoftGeneralist network, UpstreamRecipe.GeneralistSoft recipe) {
        ExpertDataSet set = recipe.dataSets().stream()
                .filter(s -> s.name().equals(dataSet))
                .findFirst()
                .orElseThrow();
        Generalist generalist = new Generalist(network, new LossBalance.Fixed(ones(recipe)), recipe.dataSets());
        List<Set<String>> changes = new ArrayList<>();
        SortedMap<String, byte[]> last = new TreeMap<>(bytes(network));
        Path directory = folder.resolve("only-" + dataSet + network.hashCode());
        LoaderConfig loader = recipe.loader();
        try (ExampleSource source = set.train().open(folder.resolve("cache"));
                RunDirectory run = RunDirectory.open(directory, "kind: test\n", Origin.scratch(), Map.of());
                TakingTurns batches = new TakingTurns(List.of(new TakingTurns.Member(
                        dataSet,
                        1,
                        new Loader(
                                source,
                                set.task().format(set.view()),
                                loader,
                                new Quarantine(directory.resolve("quarantine.jsonl"), source.size(), 0)))))) {
            new TrainLoop(
                            recipe.train(),
                            List.of(generalist.objective()),
                            batches,
                            run,
                            step -> new TreeMap<>(),
                            new Squares.Watch() {
                                @Override
                                public void step(Report report) {
                                    SortedMap<String, byte[]> now = bytes(network);
                                    changes.add(now.keySet().stream()
                                            .filter(path -> !Arrays.equals(now.get(path), last.get(path)))
                                            .collect(Collectors.toCollection(TreeSet::new)));
                                    last.putAll(now);
                                }
                            })
                    .run();
        }
        return changes;
    }

    private static Map<String, Double> ones(UpstreamRecipe.GeneralistSoft recipe) {
        return recipe.dataSets().stream().collect(Collectors.toMap(ExpertDataSet::name, s -> 1.0));
    }

    /**
     * AdamW moves a weight by about the learning rate however small its gradient is, so that weights which are the same to the byte had
     * a gradient of exactly zero.
     */
    @ParameterizedTest
    @CsvSource({"classes, image", "boxes, patch", "pixels, pixel", "depth, pixel"})
    void afterEachStepTheSourcesAreByteEqualToBeforeAndTheTargetHasLearned(String dataSet, String target) {
        UpstreamRecipe.GeneralistSoft recipe = recipe("train.accumulation=1", "train.steps=" + STEPS);
        SoftGeneralist network = network();
        List<Set<String>> changes = changesOf(dataSet, network, recipe);
        assertThat(changes).hasSize(STEPS);
        for (Set<String> changed : changes) {
            assertThat(changed)
                    .allMatch(path ->
                            path.startsWith("branches." + target + ".") || path.startsWith("transfer." + target + "."))
                    .anyMatch(path -> path.startsWith("branches." + target + ".image.stem"))
                    .anyMatch(
                            path -> path.startsWith("branches." + target + ".image.") && path.endsWith("running_mean"))
                    .anyMatch(path -> path.startsWith("transfer." + target + ".") && path.endsWith("running_var"))
                    .anyMatch(path -> path.startsWith("branches." + target + ".heads." + dataSet + "."));
        }
        // From the second step on the last norms let gradients through, also to the chain over two halvings.
        String other = target.equals("image") ? "patch" : "image";
        assertThat(changes.get(STEPS - 1))
                .contains(
                        "transfer." + target + "." + other + ".layer3.convs.layer1.0.weight",
                        "transfer." + target + "." + other + ".layer1.convs.layer1.0.weight");
    }

    /** Why the recipes differ from the released code here. */
    @Test
    void aChainWhoseInnerNormsStartAtZeroNeverLearns() {
        String published = "transfer.innerNorm=0";
        Set<String> last = changesOf(
                        "classes", network(published), recipe("train.accumulation=1", "train.steps=4", published))
                .get(3);
        String chain = "transfer.image.patch.layer3.convs.layer1.";
        assertThat(last)
                .contains(chain + "4.bias", "transfer.image.patch.layer3.convs.layer2.0.weight")
                .doesNotContain(
                        chain + "0.weight",
                        chain + "1.weight",
                        chain + "1.bias",
                        chain + "3.weight",
                        chain + "4.weight");
    }

    @Test
    void gradientsReachNoSourceAndNoGraphIsKeptOfIt() {
        SoftGeneralist network = network();
        JniUtils.setGradMode(true);
        try {
            List<NDArray> maps = Reception.maps(
                    Objects.requireNonNull(network.branches().get("image")).image(),
                    Level.of(() -> ZooCatalog.create("mn-n", 0, 64), List.of(4, 8, 16)),
                    images(),
                    Pass.evaluation());
            assertThat(maps).hasSize(3).noneMatch(NDArray::hasGradient);
            assertThat(JniUtils.isGradMode()).isTrue();
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    @Test
    void theNamesAreThoseOfAnExpertBelowEachBranch() {
        assertThat(network().parameters().keySet())
                .contains(
                        "branches.image.image.stem.conv.weight",
                        "branches.image.heads.classes.fc.weight",
                        "branches.patch.pyramid.inner_blocks.0.0.weight",
                        "transfer.image.patch.layer1.convs.layer1.0.weight",
                        "transfer.pixel.image.layer3.convs.layer1.3.weight")
                .noneMatch(path -> path.startsWith("branches.image.pyramid") || path.contains("layer4"))
                .anyMatch(path -> path.startsWith("branches.pixel.heads.depth."))
                .noneMatch(path -> path.startsWith("transfer.image.image"));
        assertThat(network("transfer=null").parameters().keySet()).noneMatch(path -> path.startsWith("transfer"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "branches.0.dataSets=[]                 | dataSets of the branch image must not be empty",
                "branches.2.dataSets=[pixels]           | in no branch: [depth]; in a branch, but not in the recipe: []",
                "branches.2.dataSets=[pixels, depth, x] | in no branch: []; in a branch, but not in the recipe: [x]",
                "branches.1.dataSets=[boxes, depth]     | must not share a data set: [classes, boxes, depth, pixels, depth]",
                "branches.1.expertHeads={boxes: x}      | stand beside initializeFrom: {boxes=x}",
                "branches.1.name=image                  | at least two, with different names: [image, image, pixel]",
                "branches.1.name=Patch                  | name must consist of lower-case letters, digits and hyphens: Patch",
                "transfer.strides=[4, 8, 64]            | no stage that ends with a feature map of stride 64",
                "transfer.strides=[8, 4]                | each a power of two times the one before: [8, 4]",
                "model.image=vit-t16                    | no stage that ends with a feature map of stride 4",
            })
    void branchesAndLevelsThatDoNotFitAreRefused(String override, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> {
                    Recipe changed = Squares.soft(folder.resolve("data")).with(List.of(override));
                    UpstreamRecipe.GeneralistSoft typed =
                            (UpstreamRecipe.GeneralistSoft) changed.as(UpstreamRecipe.class);
                    typed.training().network(typed.network());
                })
                .withMessageContaining(message);
    }
}

package org.generalvision.upstream.expert;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.source.CollectionSource;
import org.generalvision.data.source.Naming;
import org.generalvision.data.source.ShardBuild;
import org.generalvision.data.source.SourceConfig;
import org.generalvision.data.source.Split;
import org.generalvision.nn.Cost;
import org.generalvision.nn.Layer;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.generalist.Squares;
import org.generalvision.zoo.ZooCatalog;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recipes that compare MN-B4 with Swin-T, on pictures of bars in the layouts of COCO and ADE20K. */
class ComparisonRecipesTest {
    private static final int IMAGES = 4;
    private static final int SIDE = 96;

    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void buildBoth() throws IOException {
        Path coco = folder.resolve("coco");
        for (int i = 0; i < IMAGES; i++) {
            picture(
                    coco.resolve("train2017/%012d.jpg".formatted(i)),
                    i,
                    BufferedImage.TYPE_INT_RGB,
                    Color.WHITE,
                    Color.RED);
        }
        Files.createDirectories(coco.resolve("annotations"));
        Files.writeString(coco.resolve("annotations/instances_train2017.json"), cocoAnnotations());
        Naming naming = new Naming("fixture", Naming.NO_ASSERTION, List.of());
        Path file = coco.resolve("annotations/instances_train2017.json");
        build(new SourceConfig.Coco(file, null, List.of(), null, naming), folder.resolve("coco-shards"));

        Path ade = folder.resolve("ade20k");
        for (int i = 0; i < IMAGES; i++) {
            String name = "ADE_train_%08d".formatted(i);
            picture(
                    ade.resolve("images/training/" + name + ".jpg"),
                    i,
                    BufferedImage.TYPE_INT_RGB,
                    Color.BLUE,
                    Color.GRAY);
            picture(
                    ade.resolve("annotations/training/" + name + ".png"),
                    i,
                    BufferedImage.TYPE_BYTE_GRAY,
                    gray(3),
                    gray(1));
        }
        Files.writeString(
                ade.resolve("objectInfo150.txt"),
                "Idx\tRatio\tTrain\tVal\tName\n1\t0.1576\t11664\t1172\twall\n2\t0.1\t6046\t612\tbuilding, edifice\n3\t0.09\t8265\t796\tsky\n");
        build(new SourceConfig.Ade20k(ade, Split.TRAIN, naming), folder.resolve("ade20k-shards"));
    }

    private static Color gray(int value) {
        return new Color(value, value, value);
    }

    /** A bar, which differs from picture to picture. */
    private static void picture(Path file, int number, int type, Color ground, Color bar) throws IOException {
        BufferedImage image = new BufferedImage(SIDE, SIDE, type);
        if (type == BufferedImage.TYPE_BYTE_GRAY) {
            for (int x = 0; x < SIDE; x++) {
                for (int y = 0; y < SIDE; y++) {
                    boolean inside = y >= SIDE / 2 && x >= 8 * number;
                    image.getRaster().setSample(x, y, 0, inside ? bar.getRed() : ground.getRed());
                }
            }
        } else {
            Graphics2D graphics = image.createGraphics();
            graphics.setColor(ground);
            graphics.fillRect(0, 0, SIDE, SIDE);
            graphics.setColor(bar);
            graphics.fillRect(8 * number, SIDE / 2, SIDE - 8 * number, SIDE / 2);
            graphics.dispose();
        }
        Files.createDirectories(file.getParent());
        String name = String.valueOf(file.getFileName());
        assertThat(ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile()))
                .isTrue();
    }

    private static String cocoAnnotations() {
        List<String> images = new ArrayList<>();
        List<String> annotations = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            images.add(
                    "{\"id\":%d,\"file_name\":\"%012d.jpg\",\"width\":%d,\"height\":%d}".formatted(i, i, SIDE, SIDE));
            int left = 8 * i;
            int top = SIDE / 2;
            annotations.add(
                    "{\"id\":%d,\"image_id\":%d,\"category_id\":%d,\"bbox\":[%d,%d,%d,%d],\"area\":1,\"iscrowd\":0,\"segmentation\":[[%d,%d,%d,%d,%d,%d,%d,%d]]}"
                            .formatted(
                                    i,
                                    i,
                                    i % 2 == 0 ? 1 : 18,
                                    left,
                                    top,
                                    SIDE - left,
                                    SIDE - top,
                                    left,
                                    top,
                                    SIDE,
                                    top,
                                    SIDE,
                                    SIDE,
                                    left,
                                    SIDE));
        }
        return "{\"images\":[%s],\"annotations\":[%s],\"categories\":[{\"id\":1,\"name\":\"person\"},{\"id\":18,\"name\":\"dog\"}]}"
                .formatted(String.join(",", images), String.join(",", annotations));
    }

    private static void build(SourceConfig config, Path out) {
        try (CollectionSource source = config.open()) {
            ShardBuild.Result result = new ShardBuild(source, out, ShardWriter.DEFAULT_SHARD_BYTES).run(() -> {});
            assertThat(result.rejected()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"coco-mask-rcnn-mn-b4", "coco-mask-rcnn-swin-t", "ade20k-mn-b4", "ade20k-swin-t"})
    void everyRecipeBuildsItsModelAndItsGroupsHoldEachParameterOnce(String name) {
        Recipe recipe = Recipe.load(name);
        UpstreamRecipe.Expert expert = (UpstreamRecipe.Expert) recipe.as(UpstreamRecipe.class);
        ExpertModel model = new ExpertModel(expert.model(), expert.dataSets(), 1);
        List<String> trained = model.parameters().entrySet().stream()
                .filter(e -> !Layer.isBuffer(e.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        expert.train().optimizer().requireGroupsFit(trained);
        assertThat(Cost.parameters(model))
                .isGreaterThan(Cost.parameters(ZooCatalog.create(expert.model().image(), 0, 224)) + 5_000_000);
        assertThat(Recipe.of(name, "printed", recipe.text()).as(UpstreamRecipe.class))
                .isEqualTo(expert);
        assertThat(expert.dataSets().get(0).task().classes()).hasSize(name.startsWith("coco") ? 80 : 150);
    }

    @Test
    void theTwoOfAComparisonDifferInTheNetworkAlone() {
        for (String comparison : List.of("coco-mask-rcnn-", "ade20k-")) {
            UpstreamRecipe.Expert one =
                    (UpstreamRecipe.Expert) Recipe.load(comparison + "mn-b4").as(UpstreamRecipe.class);
            UpstreamRecipe.Expert other =
                    (UpstreamRecipe.Expert) Recipe.load(comparison + "swin-t").as(UpstreamRecipe.class);
            assertThat(one.dataSets()).isEqualTo(other.dataSets());
            assertThat(one.train()).isEqualTo(other.train());
            assertThat(one.loader()).isEqualTo(other.loader());
            assertThat(one.evaluation()).isEqualTo(other.evaluation());
            assertThat(one.model().pyramid()).isEqualTo(other.model().pyramid());
        }
    }

    private static Checkpoint steps(String name, String shards, String... overrides) {
        String data = "{kind: shards, directory: " + folder.resolve(shards) + "}";
        Recipe small = Recipe.load(name)
                .with(List.of(
                        "model.resolution=64",
                        "dataSets.0.view.crop.height=64",
                        "dataSets.0.view.crop.width=64",
                        "dataSets.0.heldOutView.crop.height=64",
                        "dataSets.0.heldOutView.crop.width=64",
                        "dataSets.0.train=" + data,
                        "dataSets.0.heldOut=" + data,
                        "loader.batchSize=2",
                        "loader.workers=1",
                        "evaluation.batchSize=2",
                        "evaluation.workers=1",
                        "train.steps=1",
                        "train.precision=float32",
                        "train.device=cpu"));
        return Squares.run(small, folder.resolve(name), overrides);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mn-b4", "swin-t"})
    void maskRcnnTrainsOnDataInCocosLayout(String network) throws IOException {
        Checkpoint checkpoint = steps(
                "coco-mask-rcnn-" + network,
                "coco-shards",
                "model.pyramid.width=16",
                "dataSets.0.task.regions.hidden=16",
                "dataSets.0.task.regions.sampler.count=16",
                "dataSets.0.task.regions.masks={widths: [16], hidden: 16}",
                "dataSets.0.task.proposals.training={before: 50, after: 20}",
                "dataSets.0.task.proposals.evaluation={before: 50, after: 20}");
        assertThat(checkpoint.evaluation()).containsKeys("coco/boxAp", "coco/maskAp");
        assertThat(Files.readString(folder.resolve("coco-mask-rcnn-" + network + "/metrics.jsonl")))
                .contains("loss/coco/masks", "loss/coco/proposals");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mn-b4", "swin-t"})
    void segmentationTrainsOnDataInAdesLayout(String network) throws IOException {
        Checkpoint checkpoint = steps("ade20k-" + network, "ade20k-shards", "dataSets.0.task.head.width=16");
        assertThat(checkpoint.evaluation()).containsKeys("ade20k/meanIou", "ade20k/pixelAccuracy");
        assertThat(Files.readString(folder.resolve("ade20k-" + network + "/metrics.jsonl")))
                .contains("loss/ade20k/pixels", "loss/ade20k/auxiliary");
    }
}

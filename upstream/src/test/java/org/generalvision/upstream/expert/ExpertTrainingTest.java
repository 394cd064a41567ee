package org.generalvision.upstream.expert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import com.google.common.primitives.Doubles;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.generalvision.data.augment.Background;
import org.generalvision.data.augment.CenterCrop;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Normalize;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Mask;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.source.ExampleData;
import org.generalvision.metric.DepthProtocol;
import org.generalvision.nn.Nms;
import org.generalvision.nn.Precision;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.OptimizerConfig;
import org.generalvision.train.Origin;
import org.generalvision.train.ParameterGroup;
import org.generalvision.train.Progress;
import org.generalvision.train.Schedule;
import org.generalvision.train.StageRun;
import org.generalvision.train.StopRequest;
import org.generalvision.train.TrainConfig;
import org.generalvision.upstream.head.Anchors;
import org.generalvision.upstream.head.BalancedSampler;
import org.generalvision.upstream.head.DepthHead;
import org.generalvision.upstream.head.Matcher;
import org.generalvision.upstream.head.Numbers;
import org.generalvision.upstream.head.ProposalNetwork;
import org.generalvision.upstream.head.RegionHeads;
import org.generalvision.upstream.head.SegmentationHead;
import org.generalvision.weights.SafetensorsFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Experts of every task on squares of two colors, which are near where they are large. */
class ExpertTrainingTest {
    private static final int SIDE = 64;
    private static final List<String> COLORS = List.of("red", "blue");
    private static final List<String> FILES = List.of("model.safetensors", "optimizer.safetensors", "state.json");

    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void makeData() {
        try (ShardWriter writer = ShardWriter.create(folder.resolve("squares"), ShardWriter.DEFAULT_SHARD_BYTES)) {
            for (int i = 0; i < 12; i++) {
                writer.add(square(i));
            }
            writer.finish();
        }
    }

    private static Example square(int number) {
        int size = 16 + 3 * number;
        int at = number % 4 * 3;
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        BufferedImage depth = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_USHORT_GRAY);
        BitSet pixels = new BitSet();
        for (int x = 0; x < SIDE; x++) {
            for (int y = 0; y < SIDE; y++) {
                boolean inside = x >= at && y >= at && x < at + size && y < at + size;
                pixels.set(x * SIDE + y, inside);
                Color color = number % 2 == 0 ? Color.RED : Color.BLUE;
                image.setRGB(x, y, inside ? color.getRGB() : Color.WHITE.getRGB());
                depth.getRaster().setSample(x, y, 0, inside ? 100 * (60 - size) + 500 : 9000);
            }
        }
        String label = COLORS.get(number % 2);
        return Example.builder("square-" + number, png(image), "test", "CC0-1.0")
                .labels(List.of(label))
                .boxes(List.of(new Example.Box(at, at, at + size, at + size, label, false)))
                .masks(List.of(Mask.RunLengths.of(SIDE, SIDE, pixels, label, 0)))
                .depth(new Example.Depth(png(depth), 0.001))
                .build();
    }

    private static ByteBuffer png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private static ExpertDataSet dataSet(String name, ExpertTask task) {
        Normalize normalize = new Normalize(List.of(0.5, 0.5, 0.5), List.of(0.3, 0.3, 0.3));
        ImageView view = new ImageView(new CenterCrop(SIDE, SIDE), List.of(), normalize, Background.WHITE);
        ExampleData data = new ExampleData.Shards(folder.resolve("squares").toString());
        return new ExpertDataSet(name, 1, task, data, view, data, view);
    }

    private static ExpertTask detection() {
        return new ExpertTask.Detection(
                COLORS,
                2,
                0.2,
                new ProposalNetwork.Config(
                        new Anchors(List.of(List.of(16.0), List.of(32.0), List.of(48.0)), List.of(1.0)),
                        new Matcher(0.6, 0.3),
                        new BalancedSampler(32, 0.5),
                        new ProposalNetwork.Selection(40, 20),
                        new ProposalNetwork.Selection(40, 20),
                        new Nms(0.7)),
                new RegionHeads.Config(
                        32,
                        2,
                        64,
                        new Matcher(0.5, 0.5),
                        new BalancedSampler(16, 0.5),
                        0.05,
                        new Nms(0.5),
                        5,
                        new RegionHeads.Masks(List.of(16), 16)));
    }

    private static List<ExpertDataSet> everyTask() {
        return List.of(
                dataSet("classes", new ExpertTask.Classification(COLORS, 0)),
                dataSet("boxes", detection()),
                dataSet(
                        "pixels",
                        new ExpertTask.Segmentation(
                                COLORS,
                                true,
                                new SegmentationHead.Config(
                                        8, 16, List.of(1, 2), 0, new SegmentationHead.AuxiliaryConfig(16, 0.4, 0)))),
                dataSet(
                        "depth",
                        new ExpertTask.Depth(
                                new DepthHead.Config(List.of(4, 8, 16), 16, 0.3, 20),
                                new DepthProtocol(0.3, 20, DepthProtocol.Crop.NONE))));
    }

    private static ExpertTraining training(List<ExpertDataSet> sets, long steps, long saveEvery) {
        LoaderConfig loader = new LoaderConfig(2, 4, 1, 2, 0);
        TrainConfig train = new TrainConfig(
                5,
                steps,
                1,
                Precision.FLOAT32,
                "cpu",
                new OptimizerConfig.AdamW(3e-3, 0.9, 0.99, 1e-8, List.of(new ParameterGroup(List.of("**"), 1, 0))),
                new Schedule.Constant(0),
                1,
                0,
                List.of(),
                1,
                steps,
                saveEvery,
                TrainConfig.Keep.newest(5));
        ExpertModel.Config model = new ExpertModel.Config("mn-n", SIDE, 0, new ExpertModel.Pyramid(List.of(8, 16), 16));
        return new ExpertTraining(model, sets, loader, loader, train);
    }

    private static Checkpoint run(ExpertTraining training, String name, Origin origin, long until) {
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
        return training.run(
                new StageRun(folder.resolve(name), "kind: test\n", origin, folder.resolve("cache"), watch, stop));
    }

    @Test
    void oneExpertLearnsEveryTaskInTurns() {
        Checkpoint checkpoint = run(training(everyTask(), 100, 100), "learned", Origin.scratch(), 100);
        Map<String, Double> figures = checkpoint.evaluation();
        assertThat(figures.get("classes/top1")).isGreaterThan(0.7);
        assertThat(figures.get("boxes/boxAp50")).isGreaterThan(0.2);
        assertThat(figures.get("boxes/maskAp50")).isGreaterThan(0.2);
        assertThat(figures.get("pixels/meanIou")).isGreaterThan(0.4);
        assertThat(figures.get("depth/rmse")).isLessThan(4);
    }

    @Test
    void aRunThatIsStoppedAtAnyStepEndsWithTheSameBytes() {
        Checkpoint whole = run(training(everyTask(), 8, 8), "whole", Origin.scratch(), 8);
        for (long stopped : new long[] {1, 6}) {
            String name = "stopped-" + stopped;
            assertThat(run(training(everyTask(), 8, 8), name, Origin.scratch(), stopped)
                            .step())
                    .isEqualTo(stopped);
            Checkpoint resumed = run(training(everyTask(), 8, 8), name, Origin.scratch(), 8);
            for (String file : FILES) {
                assertThat(resumed.path().resolve(file))
                        .hasSameBinaryContentAs(whole.path().resolve(file));
            }
            assertThat(folder.resolve(name).resolve("metrics.jsonl"))
                    .hasSameBinaryContentAs(folder.resolve("whole").resolve("metrics.jsonl"));
        }
    }

    @Test
    void onlyTheTowerOfOtherWeightsIsTaken() {
        List<ExpertDataSet> first = everyTask().subList(0, 1);
        List<ExpertDataSet> other = everyTask().subList(3, 4);
        Checkpoint before = run(training(first, 3, 3), "first", Origin.scratch(), 3);
        SortedMap<String, List<Double>> frozen = tower(before);
        ExpertTraining after = training(other, 1, 1);
        ExpertTraining still = new ExpertTraining(
                after.model(),
                other,
                after.loader(),
                after.evaluation(),
                after.train().withFreeze(List.of("image")));
        Checkpoint started = run(still, "second", Origin.initializeFrom(before.path()), 1);
        assertThat(tower(started)).isEqualTo(frozen);
        assertThat(tower(run(still, "third", Origin.scratch(), 1))).isNotEqualTo(frozen);
    }

    private static SortedMap<String, List<Double>> tower(Checkpoint checkpoint) {
        SortedMap<String, List<Double>> sums = new TreeMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(checkpoint.model());
                NDManager manager = NDManager.newBaseManager()) {
            for (String name : file.names()) {
                if (name.startsWith("image.")
                        && !file.info(name).shape().toString().equals("()")) {
                    sums.put(name, Doubles.asList(Numbers.of(file.read(name, manager))));
                }
            }
        }
        assertThat(sums).isNotEmpty();
        return sums;
    }

    @Test
    void weightsWithoutATowerAndDataThatDoNotFitAreRefused() throws IOException {
        Checkpoint expert = run(training(everyTask().subList(3, 4), 1, 1), "depth", Origin.scratch(), 1);
        ExpertTraining wider = new ExpertTraining(
                new ExpertModel.Config("resnet18", SIDE, 0, null),
                everyTask().subList(0, 1),
                training(everyTask(), 1, 1).loader(),
                training(everyTask(), 1, 1).evaluation(),
                training(everyTask(), 1, 1).train());
        assertThatThrownBy(() -> run(wider, "wrong", Origin.initializeFrom(expert.path()), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not fit this network");
        assertThat(Files.exists(folder.resolve("wrong"))).isFalse();
        assertThatThrownBy(() -> training(List.of(), 1, 1)).hasMessageContaining("at least one");
        assertThatThrownBy(() -> dataSet("Upper", detection())).hasMessageContaining("lower-case");
        ExpertModel.Config flat = new ExpertModel.Config("mn-n", SIDE, 0, null);
        assertThatThrownBy(() -> new ExpertModel(flat, everyTask().subList(1, 2), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model.pyramid");
        List<ExpertDataSet> strange =
                List.of(dataSet("strange", new ExpertTask.Classification(List.of("green", "gray"), 0)));
        assertThatThrownBy(() -> run(training(strange, 1, 1), "strange", Origin.scratch(), 1))
                .hasStackTraceContaining("none of which is among the 2 classes");
    }
}

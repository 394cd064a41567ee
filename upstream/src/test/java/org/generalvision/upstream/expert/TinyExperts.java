package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDManager;
import com.google.common.primitives.Doubles;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.generalvision.data.augment.Background;
import org.generalvision.data.augment.CenterCrop;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Normalize;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleBuilder;
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

/** Small experts of every task, and their data: squares of two colors, which are near where they are large. */
final class TinyExperts {
    static final int SIDE = 64;
    static final List<String> COLORS = List.of("red", "blue");
    static final int COUNT = 12;

    private final Path folder;

    /** Experts whose data and runs lie in a folder. */
    TinyExperts(Path folder) {
        this.folder = folder;
        write("squares", UnaryOperator.identity());
    }

    /** Writes the squares once more, each changed. */
    void write(String name, UnaryOperator<ExampleBuilder> change) {
        try (ShardWriter writer = ShardWriter.create(folder.resolve(name), ShardWriter.DEFAULT_SHARD_BYTES)) {
            IntStream.range(0, COUNT)
                    .mapToObj(i -> change.apply(square(i)).build())
                    .forEach(writer::add);
            writer.finish();
        }
    }

    private static ExampleBuilder square(int number) {
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
                .depth(new Example.Depth(png(depth), 0.001));
    }

    static ByteBuffer png(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    ExpertDataSet dataSet(String name, ExpertTask task) {
        return dataSet(name, task, "squares");
    }

    ExpertDataSet dataSet(String name, ExpertTask task, String shards) {
        Normalize normalize = new Normalize(List.of(0.5, 0.5, 0.5), List.of(0.3, 0.3, 0.3));
        ImageView view = new ImageView(new CenterCrop(SIDE, SIDE), List.of(), normalize, Background.WHITE);
        ExampleData data = new ExampleData.Shards(folder.resolve(shards).toString());
        return new ExpertDataSet(name, 1, task, data, view, data, view);
    }

    static ExpertTask classification() {
        return new ExpertTask.Classification(COLORS, 0);
    }

    static ExpertTask detection() {
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

    static ExpertTask segmentation() {
        return new ExpertTask.Segmentation(
                COLORS,
                true,
                new SegmentationHead.Config(8, 16, List.of(1, 2), 0, new SegmentationHead.AuxiliaryConfig(16, 0.4, 0)));
    }

    static ExpertTask depth() {
        return new ExpertTask.Depth(
                new DepthHead.Config(List.of(4, 8, 16), 16, 0.3, 20),
                new DepthProtocol(0.3, 20, DepthProtocol.Crop.NONE));
    }

    List<ExpertDataSet> everyTask() {
        return List.of(
                dataSet("classes", classification()),
                dataSet("boxes", detection()),
                dataSet("pixels", segmentation()),
                dataSet("depth", depth()));
    }

    /** A training that saves at its end. */
    static ExpertTraining training(List<ExpertDataSet> sets, ExpertModel.Norms norms, long steps) {
        return training(
                sets,
                norms,
                steps,
                new OptimizerConfig.AdamW(3e-3, 0.9, 0.99, 1e-8, List.of(new ParameterGroup(List.of("**"), 1, 0))));
    }

    static ExpertTraining training(
            List<ExpertDataSet> sets, ExpertModel.Norms norms, long steps, OptimizerConfig optimizer) {
        LoaderConfig loader = new LoaderConfig(2, 4, 1, 2, 0);
        TrainConfig train = new TrainConfig(
                5,
                steps,
                sets.size(),
                Precision.FLOAT32,
                "cpu",
                optimizer,
                new Schedule.Constant(0),
                0,
                0,
                List.of(),
                1,
                steps,
                steps,
                TrainConfig.Keep.newest(5));
        ExpertModel.Config model =
                new ExpertModel.Config("mn-n", SIDE, 0, norms, new ExpertModel.Pyramid(List.of(8, 16), 16));
        return new ExpertTraining(model, sets, loader, loader, train);
    }

    Checkpoint run(ExpertTraining training, String name, Origin origin) {
        return run(training, name, origin, training.train().steps());
    }

    /** Runs until a step is done, or on from where it was stopped. */
    Checkpoint run(ExpertTraining training, String name, Origin origin, long until) {
        return training.run(stage(name, origin, new Watch(new StopRequest(), until, new ArrayList<>())));
    }

    /** A run from scratch. */
    StageRun stage(String name) {
        return stage(name, Origin.scratch(), new Watch(new StopRequest(), Long.MAX_VALUE, new ArrayList<>()));
    }

    StageRun stage(String name, Origin origin, Watch watch) {
        return new StageRun(folder.resolve(name), "kind: test\n", origin, folder.resolve("cache"), watch, watch.stop());
    }

    /** Stops when a step is done, and keeps what the run says. */
    record Watch(StopRequest stop, long until, List<String> notes) implements Progress {
        @Override
        public void begin(long firstStep, long steps) {}

        @Override
        public void step(Report report) {
            if (report.step() == until) {
                stop.request();
            }
        }

        @Override
        public void note(String message) {
            notes.add(message);
        }

        @Override
        public void end() {}
    }

    /** The numbers of a checkpoint's floating-point arrays whose names begin with a prefix, by the rest of their names. */
    static SortedMap<String, List<Double>> arrays(Checkpoint checkpoint, String prefix) {
        SortedMap<String, List<Double>> arrays = new TreeMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(checkpoint.model());
                NDManager manager = NDManager.newBaseManager()) {
            for (String name : file.names()) {
                if (name.startsWith(prefix) && file.info(name).type().isFloating()) {
                    arrays.put(name.substring(prefix.length()), Doubles.asList(Numbers.of(file.read(name, manager))));
                }
            }
        }
        if (arrays.isEmpty()) {
            throw new IllegalStateException("No array of " + checkpoint.model() + " begins with " + prefix);
        }
        return arrays;
    }
}

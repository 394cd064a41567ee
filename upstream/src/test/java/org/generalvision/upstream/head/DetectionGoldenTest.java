package org.generalvision.upstream.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.generalvision.data.example.Mask;
import org.generalvision.data.load.Draws;
import org.generalvision.metric.Region;
import org.generalvision.nn.Nms;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.upstream.amateur.Gradients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faster R-CNN on a feature pyramid against torchvision; {@code golden/detection.py} made the values. */
class DetectionGoldenTest {
    private static final List<Integer> STRIDES = List.of(4, 8, 16, 32);
    private static final ImageSizes SIZES = ImageSizes.of(3, 64, 128);
    private static final int ALL = 1_000_000;

    private final NDManager manager = NDManager.newBaseManager();

    @SuppressWarnings("NullAway.Init") // before each test
    private Golden golden;

    @SuppressWarnings("NullAway.Init")
    private FeaturePyramid pyramid;

    @SuppressWarnings("NullAway.Init")
    private ProposalNetwork network;

    @SuppressWarnings("NullAway.Init")
    private RegionHeads heads;

    @SuppressWarnings("NullAway.Init")
    private List<NDArray> taps;

    @BeforeEach
    void open() {
        golden = Golden.open("detection.safetensors", manager);
        SortedMap<Integer, Integer> channels = new TreeMap<>();
        taps = STRIDES.stream().map(stride -> golden.read("tap." + stride)).toList();
        for (int i = 0; i < taps.size(); i++) {
            channels.put(STRIDES.get(i), (int) taps.get(i).getShape().get(1));
        }
        pyramid = golden.fill(new FeaturePyramid(new TapWidths(channels), STRIDES, 8), "w.fpn.");
        network = golden.fill(new ProposalNetwork(8, pyramid.outputStrides(), proposalConfig()), "w.rpn.");
        heads = golden.fill(new RegionHeads(8, STRIDES, 3, regionConfig()), "w.roi_heads.");
    }

    @AfterEach
    void close() {
        golden.close();
        manager.close();
    }

    private static ProposalNetwork.Config proposalConfig() {
        List<List<Double>> sizes =
                Stream.of(8.0, 16.0, 32.0, 64.0, 128.0).map(List::of).toList();
        return new ProposalNetwork.Config(
                new Anchors(sizes, List.of(0.5, 1.0, 2.0)),
                new Matcher(0.7, 0.3),
                new BalancedSampler(ALL, 0.5),
                new ProposalNetwork.Selection(60, 50),
                new ProposalNetwork.Selection(40, 30),
                new Nms(0.7));
    }

    private static RegionHeads.Config regionConfig() {
        return new RegionHeads.Config(
                16,
                2,
                56,
                new Matcher(0.5, 0.5),
                new BalancedSampler(ALL, 0.25),
                0.05,
                new Nms(0.5),
                20,
                new RegionHeads.Masks(List.of(8, 8), 8));
    }

    private TruthBatch truths() {
        List<List<TrueInstance>> objects = new ArrayList<>();
        for (int image = 0; image < 3; image++) {
            double[] rows = Numbers.of(golden.read("truth." + image));
            objects.add(IntStream.range(0, rows.length / 5)
                    .map(i -> 5 * i)
                    .mapToObj(i -> truth(rows, i))
                    .toList());
        }
        List<Draws> draws =
                IntStream.range(0, 3).mapToObj(i -> new Draws(1, 0, i)).toList();
        return new TruthBatch(SIZES, objects, draws);
    }

    private static TrueInstance truth(double[] rows, int at) {
        Region.Box box = new Region.Box(rows[at], rows[at + 1], rows[at + 2], rows[at + 3]);
        return new TrueInstance(box, (int) rows[at + 4] - 1, false, ellipse(box));
    }

    /** The ellipse that fills a box: the pixels whose centers lie in it. */
    private static Mask.RunLengths ellipse(Region.Box box) {
        BitSet pixels = new BitSet();
        for (int x = 0; x < 128; x++) {
            for (int y = 0; y < 64; y++) {
                double u = (x + 0.5 - (box.x1() + box.x2()) / 2) / (box.x2() - box.x1());
                double v = (y + 0.5 - (box.y1() + box.y2()) / 2) / (box.y2() - box.y1());
                pixels.set(x * 64 + y, u * u + v * v <= 0.25);
            }
        }
        return Mask.RunLengths.of(64, 128, pixels, "", null);
    }

    @Test
    void mapsAndAnchorsAreThoseOfTorchvision() {
        List<NDArray> maps = pyramid.forward(taps, Pass.evaluation());
        for (int i = 0; i < maps.size(); i++) {
            golden.assertSame(maps.get(i), "map." + i, 1e-10);
        }
        ProposalNetwork.Predictions predictions = network.predict(maps, Pass.evaluation());
        NDArray anchors = predictions.anchors().stream().reduce(NDArray::concat).orElseThrow();
        golden.assertSame(anchors, "anchors", 0);
    }

    @Test
    void proposalsAreThoseOfTorchvision() {
        assertProposals(Pass.evaluation(), "proposals.");
        assertProposals(Pass.training(Precision.FLOAT32), "trained.");
    }

    private void assertProposals(Pass pass, String expected) {
        ProposalNetwork.Predictions predictions = network.predict(pyramid.forward(taps, pass), pass);
        List<Regions> proposals = network.proposals(predictions, SIZES, pass);
        for (int image = 0; image < 3; image++) {
            assertThat(proposals.get(image).numbers().toArray())
                    .containsExactly(Numbers.of(golden.read(expected + image)), within(1e-9));
        }
    }

    @Test
    void detectionsAreThoseOfTorchvision() {
        Pass pass = Pass.evaluation();
        List<NDArray> maps = pyramid.forward(taps, pass);
        List<Regions> proposals = network.proposals(network.predict(maps, pass), SIZES, pass);
        List<List<FoundObject>> found = heads.detect(maps.subList(0, 4), proposals, SIZES, pass);
        for (int image = 0; image < 3; image++) {
            List<FoundObject> own = found.get(image);
            assertThat(own.stream().mapToDouble(o -> o.label() + 1).toArray())
                    .containsExactly(Numbers.of(golden.read("labels." + image)));
            assertThat(own.stream().mapToDouble(FoundObject::score).toArray())
                    .containsExactly(Numbers.of(golden.read("scores." + image)), within(1e-6));
            assertThat(own.stream().flatMapToDouble(DetectionGoldenTest::sides).toArray())
                    .containsExactly(Numbers.of(golden.read("boxes." + image)), within(1e-9));
        }
    }

    @Test
    void masksAreThoseOfTorchvision() {
        Pass pass = Pass.evaluation();
        List<NDArray> maps = pyramid.forward(taps, pass);
        List<Regions> proposals = network.proposals(network.predict(maps, pass), SIZES, pass);
        List<List<FoundObject>> found = heads.detect(maps.subList(0, 4), proposals, SIZES, pass);
        NDArray masks = heads.masks().probabilities(maps.subList(0, 4), List.of(found.get(0)), pass);
        golden.assertSame(masks.reshape(20, 1, 28, 28), "masks.0", 1e-9);
    }

    private static DoubleStream sides(FoundObject object) {
        return DoubleStream.of(
                object.box().x1(),
                object.box().y1(),
                object.box().x2(),
                object.box().y2());
    }

    @Test
    void lossesAndTheirGradientsAreThoseOfTorchvision() {
        Pass pass = Pass.training(Precision.FLOAT32);
        List<NDArray> gradients = Gradients.of(taps, () -> {
            List<NDArray> maps = pyramid.forward(taps, pass);
            ProposalNetwork.Predictions predictions = network.predict(maps, pass);
            ProposalNetwork.Loss first = network.loss(predictions, truths());
            RegionHeads.Loss second =
                    heads.loss(maps.subList(0, 4), network.proposals(predictions, SIZES, pass), truths(), pass);
            golden.assertSame(first.objectness(), "loss.loss_objectness", 1e-10);
            golden.assertSame(first.boxes(), "loss.loss_rpn_box_reg", 1e-10);
            golden.assertSame(second.classes(), "loss.loss_classifier", 1e-9);
            golden.assertSame(second.boxes(), "loss.loss_box_reg", 1e-9);
            NDArray masks = Objects.requireNonNull(second.masks());
            golden.assertSame(masks, "loss.loss_mask", 1e-9);
            return Stream.of(first.objectness(), first.boxes(), second.classes(), second.boxes(), masks)
                    .reduce(NDArray::add)
                    .orElseThrow();
        });
        for (int i = 0; i < STRIDES.size(); i++) {
            golden.assertSame(gradients.get(i), "slope." + STRIDES.get(i), 1e-8);
        }
    }
}

package org.generalvision.upstream.head;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.generalvision.data.load.Draws;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Nms;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.SafetensorsWriter;
import org.generalvision.weights.WeightLoader;

/** Our side of {@link DetectionSpeed}, as a process of its own: reads the maps and the parameters from a file. */
public final class DetectionContender {
    private static final int WIDTH = 256;
    private static final int SIDE = 384;
    private static final int IMAGES = 2;
    private static final int CLASSES = 80;
    private static final List<Integer> STRIDES = List.of(4, 8, 16, 32);
    private static final List<Integer> ALL_STRIDES = List.of(4, 8, 16, 32, 64);

    private final ProposalNetwork proposals = new ProposalNetwork(WIDTH, ALL_STRIDES, proposalConfig());
    private final RegionHeads regions = new RegionHeads(WIDTH, STRIDES, CLASSES, regionConfig());
    private final List<NDArray> maps = new ArrayList<>();
    private final TruthBatch truths;

    private DetectionContender(NDManager manager) {
        Engine.getEngine("PyTorch").setRandomSeed(1);
        proposals.initialize(manager, DataType.FLOAT32);
        regions.initialize(manager, DataType.FLOAT32);
        for (int stride : ALL_STRIDES) {
            maps.add(manager.randomNormal(new Shape(IMAGES, WIDTH, SIDE / stride, SIDE / stride)));
        }
        List<TrueInstance> objects = IntStream.range(0, 6)
                .mapToObj(i -> TrueInstance.of(20 + 40 * i, 30 + 20 * i, 90 + 40 * i, 130 + 25 * i, i))
                .toList();
        List<Draws> draws = Stream.of(0L, 1L).map(i -> new Draws(1, 0, i)).toList();
        truths = new TruthBatch(ImageSizes.of(IMAGES, SIDE, SIDE), List.of(objects, objects), draws);
    }

    private static ProposalNetwork.Config proposalConfig() {
        List<List<Double>> sizes =
                Stream.of(32.0, 64.0, 128.0, 256.0, 512.0).map(List::of).toList();
        return new ProposalNetwork.Config(
                new Anchors(sizes, List.of(0.5, 1.0, 2.0)),
                new Matcher(0.7, 0.3),
                new BalancedSampler(256, 0.5),
                new ProposalNetwork.Selection(1000, 1000),
                new ProposalNetwork.Selection(1000, 1000),
                new Nms(0.7));
    }

    private static RegionHeads.Config regionConfig() {
        return new RegionHeads.Config(
                1024,
                2,
                224,
                new Matcher(0.5, 0.5),
                new BalancedSampler(512, 0.25),
                0.02,
                new Nms(0.5),
                100,
                null);
    }

    private SortedMap<String, NDArray> arrays() {
        SortedMap<String, NDArray> arrays = new TreeMap<>();
        add(arrays, "rpn.", proposals);
        add(arrays, "roi_heads.", regions);
        IntStream.range(0, maps.size()).forEach(i -> arrays.put("map." + i, maps.get(i)));
        return arrays;
    }

    private static void add(SortedMap<String, NDArray> arrays, String prefix, Layer layer) {
        WeightLoader.arrays(layer).forEach((path, array) -> arrays.put(prefix + path, array));
    }

    /** Writes what both sides read. Scores are spread so far that a part of the classes is worth reporting. */
    static void write(Path file) {
        try (NDManager manager = NDManager.newBaseManager()) {
            DetectionContender contender = new DetectionContender(manager);
            contender.proposals.parameters().values().forEach(p -> p.getArray().muli(5));
            contender.regions.parameters().forEach((path, p) -> p.getArray().muli(path.contains("cls_score") ? 12 : 1));
            SafetensorsWriter.write(file, contender.arrays(), Map.of());
        }
    }

    private int forward(Pass pass) {
        ProposalNetwork.Predictions predictions = proposals.predict(maps, pass);
        List<Regions> boxes = proposals.proposals(predictions, truths.sizes(), pass);
        return regions.detect(maps.subList(0, STRIDES.size()), boxes, truths.sizes(), pass).stream()
                .mapToInt(List::size)
                .sum();
    }

    private int train(Pass pass) {
        ProposalNetwork.Predictions predictions = proposals.predict(maps, pass);
        ProposalNetwork.Loss first = proposals.loss(predictions, truths);
        List<Regions> boxes = proposals.proposals(predictions, truths.sizes(), pass);
        RegionHeads.Loss second = regions.loss(maps.subList(0, STRIDES.size()), boxes, truths, pass);
        NDArray total =
                first.objectness().add(first.boxes()).add(second.classes()).add(second.boxes());
        JniUtils.backward((PtNDArray) total, (PtNDArray) total.onesLike(), false, false);
        return 0;
    }

    /** One step, whose arrays go with it. */
    private int step(boolean train, NDManager manager) {
        try (NDManager scratch = manager.newSubManager()) {
            List<NDArray> own = List.copyOf(maps);
            maps.replaceAll(map -> lend(map, scratch, train));
            try {
                return train
                        ? train(Pass.training(Precision.FLOAT32))
                        : forward(Pass.evaluation());
            } finally {
                maps.clear();
                maps.addAll(own);
            }
        }
    }

    private static NDArray lend(NDArray map, NDManager scratch, boolean train) {
        NDArray handle = map.stopGradient();
        handle.attach(scratch);
        handle.setRequiresGradient(train);
        return handle;
    }

    /** Usage: FILE WORK (train or forward). */
    public static void main(String[] args) throws IOException {
        boolean train = args[1].equals("train");
        try (NDManager manager = NDManager.newBaseManager();
                SafetensorsFile file = SafetensorsFile.open(Path.of(args[0]))) {
            DetectionContender contender = new DetectionContender(manager);
            WeightLoader.load(contender.arrays(), file, name -> false);
            JniUtils.setGradMode(train);
            int found = 0;
            for (int i = 0; i < 3; i++) {
                found = contender.step(train, manager);
            }
            System.out.println("ready " + found);
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                long begin = System.nanoTime();
                for (int i = Integer.parseInt(line); i > 0; i--) {
                    contender.step(train, manager);
                }
                System.out.println((System.nanoTime() - begin) / 1e9);
            }
        }
    }
}

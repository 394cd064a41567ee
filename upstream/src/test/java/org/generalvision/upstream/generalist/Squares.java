package org.generalvision.upstream.generalist;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import javax.imageio.ImageIO;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Mask;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.Origin;
import org.generalvision.train.Progress;
import org.generalvision.train.StageRun;
import org.generalvision.train.StopRequest;
import org.generalvision.upstream.UpstreamRecipe;

/** Squares of two colors, which are near where they are large, and recipes for them: classes, boxes, pixels, depth. */
public final class Squares {
    private static final int SIDE = 64;
    private static final List<String> COLORS = List.of("red", "blue");

    private static final String CLASSES = """
            - name: classes
              weight: 1
              task: {kind: classification, classes: [red, blue], smoothing: 0}
            """;
    private static final String BOXES = """
            - name: boxes
              weight: 1
              task:
                kind: detection
                classes: [red, blue]
                maxObjects: 2
                leastVisible: 0.2
                proposals:
                  anchors: {sizes: [[16], [32], [48]], ratios: [1]}
                  matcher: {foreground: 0.6, background: 0.3}
                  sampler: {count: 32, foreground: 0.5}
                  training: {before: 40, after: 20}
                  evaluation: {before: 40, after: 20}
                  suppression: {threshold: 0.7}
                regions:
                  hidden: 32
                  samples: 2
                  canonicalSide: 64
                  matcher: {foreground: 0.5, background: 0.5}
                  sampler: {count: 16, foreground: 0.5}
                  leastScore: 0.05
                  suppression: {threshold: 0.5}
                  most: 5
                  masks: {widths: [16], hidden: 16}
            """;
    private static final String PIXELS = """
            - name: pixels
              weight: 1
              task:
                kind: segmentation
                classes: [red, blue]
                background: true
                head: {stride: 8, width: 16, rates: [1, 2], dropout: 0, auxiliary: {stride: 16, weight: 0.4, dropout: 0}}
            """;
    private static final String DEPTH = """
            - name: depth
              weight: 1
              task:
                kind: depth
                head: {strides: [4, 8, 16], width: 16, near: 0.3, far: 20}
                protocol: {near: 0.3, far: 20, crop: none}
            """;
    private static final String REST = """
            loader: {seed: 2, batchSize: 4, workers: 1, prefetch: 2, quarantineLimit: 0}
            evaluation: {seed: 2, batchSize: 4, workers: 1, prefetch: 2, quarantineLimit: 0}
            train:
              seed: 5
              steps: 1
              accumulation: 4
              precision: float32
              device: cpu
              optimizer:
                kind: adam-w
                learningRate: 3e-3
                beta1: 0.9
                beta2: 0.99
                epsilon: 1e-8
                groups:
                  - {patterns: ["**"], learningRate: 1, weightDecay: 0}
              schedule: {kind: constant, warmup: 0}
              clipNorm: 1
              emaDecay: 0
              freeze: []
              logEvery: 1
              evaluateEvery: 1000
              saveEvery: 1000
              keep: {newest: 2, bestMetric: "", largerIsBetter: true}
            """;

    /** Watches nothing. */
    public static class Watch implements Progress {
        @Override
        public void begin(long firstStep, long steps) {}

        @Override
        public void step(Report report) {}

        @Override
        public void note(String message) {}

        @Override
        public void end() {}
    }

    private Squares() {}

    /** Writes twelve squares. */
    public static Path write(Path folder) {
        try (ShardWriter writer = ShardWriter.create(folder, ShardWriter.DEFAULT_SHARD_BYTES)) {
            for (int i = 0; i < 12; i++) {
                writer.add(square(i));
            }
            writer.finish();
        }
        return folder;
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

    /** A recipe that trains every task, classes first, from the keys beside data sets, loaders and training. */
    public static Recipe recipe(String head, Path data) {
        return recipe(head, data, List.of(CLASSES, BOXES, PIXELS, DEPTH));
    }

    /** The same without the tasks that take longest. */
    public static Recipe quickRecipe(String head, Path data) {
        return recipe(head, data, List.of(CLASSES, DEPTH)).with(List.of("train.accumulation=2"));
    }

    private static Recipe recipe(String head, Path data, List<String> sets) {
        StringBuilder text = new StringBuilder(head).append("dataSets:\n");
        sets.forEach(set -> text.append((set + views(data)).indent(2)));
        return Recipe.of("squares", "squares.yaml", text + REST);
    }

    /** The shared part of an expert. */
    public static final String MODEL =
            "model: {image: mn-n, resolution: 64, dropPath: 0, norms: shared, pyramid: {strides: [8, 16], width: 16}}\n";

    /** A recipe of an expert in every task. */
    public static Recipe expert(Path data) {
        return recipe("kind: expert\n" + MODEL, data);
    }

    /** The keys of three branches before those of a balance. */
    public static final String BRANCHES = """
            branches:
              - {name: image, dataSets: [classes], initializeFrom: null, expertHeads: {}}
              - {name: patch, dataSets: [boxes], initializeFrom: null, expertHeads: {}}
              - {name: pixel, dataSets: [pixels, depth], initializeFrom: null, expertHeads: {}}
            transfer: {strides: [4, 8, 16], innerNorm: 1}
            """;

    private static final String EQUAL = """
            balance: {kind: fixed, weights: {classes: 1, boxes: 1, pixels: 1, depth: 1}}
            gates: []
            """;

    /** A recipe of a generalist with branches. */
    public static Recipe soft(Path data) {
        return recipe("kind: generalist-soft\n" + MODEL + BRANCHES + EQUAL, data);
    }

    /** A recipe of a generalist with one backbone, balanced by uncertainty. */
    public static Recipe hard(Path data) {
        return recipe("kind: generalist-hard\n" + MODEL + "balance: {kind: uncertainty}\ngates: []\n", data);
    }

    private static String views(Path data) {
        String view =
                "{crop: {kind: center-crop, shortSide: 64, size: 64}, augmentations: [], normalize: {mean: [0.5, 0.5,"
                        + " 0.5], deviation: [0.3, 0.3, 0.3]}, background: {red: 255, green: 255, blue: 255}}";
        String shards = "{kind: shards, directory: " + data + "}";
        return "  train: %s%n  view: %s%n  heldOut: %s%n  heldOutView: %s%n".formatted(shards, view, shards, view);
    }

    /** Runs a recipe in a directory with overrides. */
    public static Checkpoint run(Recipe recipe, Path directory, String... overrides) {
        return run(recipe.with(List.of(overrides)), directory, Origin.scratch(), new Watch());
    }

    /** Runs a recipe in a directory. */
    public static Checkpoint run(Recipe recipe, Path directory, Origin origin, Progress progress) {
        return recipe.as(UpstreamRecipe.class)
                .run(new StageRun(
                        directory,
                        recipe.text(),
                        origin,
                        directory.resolveSibling("cache"),
                        progress,
                        new StopRequest()));
    }
}

package org.generalvision.metanet;

import ai.djl.ndarray.types.Shape;
import com.google.common.base.Joiner;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.nn.Cost;

/**
 * A network of the space that UniNet and MetaNet were found in (arXiv 2207.05420, 2111.08687): a 3x3 stem of stride 2, stages
 * of blocks, then a 1x1 convolution to the pooled feature. It is written in one line, which {@link #parse} reads back:
 *
 * <pre>stem_c32 mbconv_e1_s1_r1_c24 l-dsm+mbconv_e4_s2_r2_c48 lg-dsm+sa_e2_s1_r4_c128_h32 head_c1280</pre>
 *
 * <p>Each stage is the module that leads to it (left out where the first block changes the shape itself), the operator, and
 * its numbers: e expansion, s stride, r repeats, c channels, h width of a head, w side of a window. The head may have a
 * drop-path rate, as in {@code head_c1280_d0.3}.
 *
 * @param stem channels of the stem
 * @param stages from the input to the output, at most 16
 * @param featureWidth width of the pooled feature
 * @param dropPath drop-path rate of the last block, in [0, 1); the rate grows linearly from 0 at the first block
 */
public record Architecture(int stem, List<Stage> stages, int featureWidth, double dropPath) {
    private static final int MAX_STAGES = 16;
    private static final int PICTURE_CHANNELS = 3;
    private static final int STEM_STRIDE = 2;

    public Architecture {
        stages = List.copyOf(stages);
        requireBetween("stem", stem, 1, Stage.MAX_CHANNELS);
        requireBetween("featureWidth", featureWidth, 1, Stage.MAX_CHANNELS);
        if (!(dropPath >= 0 && dropPath < 1)) {
            throw new IllegalArgumentException("dropPath must be in [0, 1): " + dropPath);
        }
        requireBetween("stages", stages.size(), 1, MAX_STAGES);
        requireWholeHeads(stem, stages);
    }

    static void requireBetween(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s must be from %d to %d: %d".formatted(name, least, most, value));
        }
    }

    private static void requireWholeHeads(int stem, List<Stage> stages) {
        int in = stem;
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            if (stage.headWidth() > 0) {
                boolean attendsBefore = stage.changesInBlock();
                boolean attendsAfter = !attendsBefore || stage.repeats() > 1;
                requireDivides(stage.headWidth(), attendsBefore ? in : stage.channels(), i);
                requireDivides(stage.headWidth(), attendsAfter ? stage.channels() : in, i);
            }
            in = stage.channels();
        }
    }

    private static void requireDivides(int headWidth, int channels, int stage) {
        if (channels % headWidth != 0) {
            throw new IllegalArgumentException(
                    "headWidth must divide the channels that attention sees in stage %d: %d does not divide %d"
                            .formatted(stage, headWidth, channels));
        }
    }

    /**
     * Reads a line as {@link #toString} writes it; the numbers of a stage may stand in any order, and {@code dwconv} is
     * understood as {@code mbconv}.
     *
     * @throws IllegalArgumentException naming the part that is wrong
     */
    public static Architecture parse(String line) {
        return ArchitectureLine.parse(line);
    }

    /** Whether a text is meant as a line rather than a name. */
    public static boolean isLine(String text) {
        return text.strip().startsWith(ArchitectureLine.STEM + "_");
    }

    /** The same network with another drop-path rate. */
    public Architecture withDropPath(double rate) {
        return new Architecture(stem, stages, featureWidth, rate);
    }

    /**
     * The network, not initialized.
     *
     * @param classes number of classes, or 0 for a network that ends with the pooled feature
     */
    public MetaNet build(int classes) {
        return new MetaNet(this, classes);
    }

    /** Number of blocks of all stages. */
    public int blocks() {
        return stages.stream().mapToInt(Stage::repeats).sum();
    }

    /** Pixels per place of the last map along each axis. */
    public int stride() {
        return stages.stream().mapToInt(Stage::stride).reduce(STEM_STRIDE, (a, b) -> a * b);
    }

    /** Input channels of a stage. */
    int in(int stage) {
        return stage == 0 ? stem : stages.get(stage - 1).channels();
    }

    /** Drop-path rates of the blocks of a stage: over all stages they rise linearly from 0 to {@link #dropPath}. */
    List<Double> dropPaths(int stage) {
        int before = stages.subList(0, stage).stream().mapToInt(Stage::repeats).sum();
        int last = blocks() - 1;
        return IntStream.range(0, stages.get(stage).repeats())
                .mapToObj(i -> last == 0 ? 0 : dropPath * (before + i) / last)
                .toList();
    }

    /** Trainable elements of the network with a classifier for {@code classes}, or without one for 0 classes. */
    public long params(int classes) {
        return cost(classes, stride(), stride()).parameters();
    }

    /**
     * What the network costs for one picture, exactly, found from its sizes without building it.
     *
     * @param classes number of classes, or 0 for none
     * @param height of the picture, at least 1 pixel; any other size is possible, as every stride rounds up
     * @param width of the picture
     */
    public Cost cost(int classes, int height, int width) {
        requireBetween("classes", classes, 0, Integer.MAX_VALUE);
        requireBetween("height", height, 1, Integer.MAX_VALUE);
        requireBetween("width", width, 1, Integer.MAX_VALUE);
        SizeCount count = new SizeCount();
        MapSize map = count.convNorm(new MapSize(height, width), PICTURE_CHANNELS, stem, 3, STEM_STRIDE);
        count.stage("stem", shape(stem, map));
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            map = stage.downsampling().count(stage.module(in(i)), map, count);
            for (int k = 0; k < stage.repeats(); k++) {
                map = stage.operator().count(stage.block(in(i), k, 0), map, count);
            }
            count.stage("stages." + i, shape(stage.channels(), map));
        }
        count.convNorm(map, in(stages.size()), featureWidth, 1, 1);
        count.stage("head", new Shape(1, featureWidth));
        if (classes > 0) {
            count.linear(1, featureWidth, classes);
            count.stage("classifier", new Shape(1, classes));
        }
        return count.cost();
    }

    private static Shape shape(int channels, MapSize map) {
        return new Shape(1, channels, map.height(), map.width());
    }

    /** The line. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        parts.add(ArchitectureLine.STEM + "_c" + stem);
        stages.forEach(stage -> parts.add(stage.toString()));
        parts.add(ArchitectureLine.HEAD + "_c" + featureWidth + (dropPath == 0 ? "" : "_d" + dropPath));
        return Joiner.on(' ').join(parts);
    }
}

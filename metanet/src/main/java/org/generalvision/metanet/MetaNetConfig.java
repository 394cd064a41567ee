package org.generalvision.metanet;

import java.util.List;
import org.generalvision.nn.Cost;

/**
 * A member of the MetaNet family: a stem of stride 2, then stages of blocks, then a 1x1 convolution to the pooled feature.
 * Shapes of MN-B4 and MN-B15 as released in OpenGVLab/gv-benchmark.
 *
 * @param stem channels of the stem
 * @param headWidth channels of each attention head; must divide the input channels of every attention block
 * @param featureWidth width of the pooled feature
 * @param dropPath drop-path rate of the last block, in [0, 1); the rate grows linearly from 0 at the first block
 * @param stages from the input to the output
 */
public record MetaNetConfig(int stem, int headWidth, int featureWidth, double dropPath, List<Stage> stages) {

    /** The published MN-B4: 31,705,992 parameters with 1000 classes, 3.168 GMAC at 224 px. */
    public static final MetaNetConfig B4 = new MetaNetConfig(
            32,
            48,
            1280,
            0,
            List.of(
                    new Stage(Operator.MBCONV, 1, 1, 2, 32),
                    new Stage(Operator.MBCONV, 4, 2, 3, 64),
                    new Stage(Operator.MBCONV, 6, 2, 6, 128),
                    new Stage(Operator.MBCONV, 3, 2, 6, 192),
                    new Stage(Operator.ATTENTION, 2, 1, 6, 192),
                    new Stage(Operator.ATTENTION, 5, 2, 12, 384)));

    /** The published MN-B15: 1,003,706,020 parameters with 1000 classes, 137.7 GMAC at 224 px. */
    public static final MetaNetConfig B15 = new MetaNetConfig(
            96,
            64,
            1280,
            0.3,
            List.of(
                    new Stage(Operator.FUSED_MBCONV, 1, 1, 4, 128),
                    new Stage(Operator.FUSED_MBCONV, 4, 2, 6, 256),
                    new Stage(Operator.MBCONV, 6, 2, 12, 512),
                    new Stage(Operator.MBCONV, 3, 2, 12, 768),
                    new Stage(Operator.CROSS_COVARIANCE, 2, 1, 12, 768),
                    new Stage(Operator.CROSS_COVARIANCE, 5, 2, 24, 1536)));

    /**
     * The desk member, made for pictures of 48 to 64 px on a CPU: the six stages and strides of the published members and few
     * blocks. Where the map is large its convolutions are dense: on a CPU the time goes into norms and activations of wide
     * maps, and a fused block has half as many of them as one with a depth-wise convolution.
     */
    public static final MetaNetConfig N = new MetaNetConfig(
            16,
            32,
            384,
            0,
            List.of(
                    new Stage(Operator.FUSED_MBCONV, 1, 1, 1, 16),
                    new Stage(Operator.FUSED_MBCONV, 2, 2, 1, 24),
                    new Stage(Operator.FUSED_MBCONV, 2, 2, 2, 48),
                    new Stage(Operator.MBCONV, 3, 2, 3, 96),
                    new Stage(Operator.ATTENTION, 2, 1, 2, 96),
                    new Stage(Operator.ATTENTION, 2, 2, 2, 128)));

    /** What the blocks of a stage compute. */
    public enum Operator {
        FUSED_MBCONV,
        MBCONV,
        ATTENTION,
        CROSS_COVARIANCE
    }

    /**
     * A run of blocks with one operator.
     *
     * @param expansion hidden channels per input channel
     * @param stride of the first block, 1 or 2; the others have stride 1
     * @param repeats number of blocks
     * @param channels output channels of every block
     */
    public record Stage(Operator operator, int expansion, int stride, int repeats, int channels) {
        public Stage {
            if (expansion < 1 || repeats < 1 || channels < 1) {
                throw new IllegalArgumentException("expansion, repeats and channels of a stage must be at least 1: "
                        + expansion + ", " + repeats + ", " + channels);
            }
            if (stride != 1 && stride != 2) {
                throw new IllegalArgumentException("The stride of a stage must be 1 or 2: " + stride);
            }
        }

        boolean attends() {
            return operator == Operator.ATTENTION || operator == Operator.CROSS_COVARIANCE;
        }
    }

    public MetaNetConfig {
        stages = List.copyOf(stages);
        if (stem < 1 || headWidth < 1 || featureWidth < 1) {
            throw new IllegalArgumentException("stem, headWidth and featureWidth must be at least 1: " + stem + ", "
                    + headWidth + ", " + featureWidth);
        }
        if (!(dropPath >= 0 && dropPath < 1)) {
            throw new IllegalArgumentException("dropPath must be in [0, 1): " + dropPath);
        }
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("A MetaNet needs at least one stage");
        }
        requireWholeHeads(stem, headWidth, stages);
    }

    private static void requireWholeHeads(int stem, int headWidth, List<Stage> stages) {
        int in = stem;
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            boolean wholeIn = in % headWidth == 0;
            boolean wholeOut = stage.repeats() == 1 || stage.channels() % headWidth == 0;
            if (stage.attends() && !(wholeIn && wholeOut)) {
                throw new IllegalArgumentException("headWidth must divide the channels of attention stage " + i + ": "
                        + headWidth + " does not divide " + (wholeIn ? stage.channels() : in));
            }
            in = stage.channels();
        }
    }

    /** The same shape with another drop-path rate. */
    public MetaNetConfig withDropPath(double rate) {
        return new MetaNetConfig(stem, headWidth, featureWidth, rate, stages);
    }

    /** Number of blocks of all stages. */
    public int blocks() {
        return stages.stream().mapToInt(Stage::repeats).sum();
    }

    /** Trainable elements of the network with a classifier for {@code classes}, or without one for 0 classes. */
    public long params(int classes) {
        return Cost.parameters(new MetaNet(this, classes));
    }

    /** Drop-path rate of block {@code index}, counted over all stages: linear from 0 to {@link #dropPath}. */
    double dropPathOf(int index) {
        return blocks() == 1 ? 0 : dropPath * index / (blocks() - 1);
    }
}

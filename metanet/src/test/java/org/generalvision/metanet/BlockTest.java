package org.generalvision.metanet;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.generalvision.nn.Cost;
import org.generalvision.nn.Definitions;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerCase;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Plain;
import org.generalvision.nn.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The blocks of MetaNet against the released definition in plain loops, and their sizes against closed forms. */
class BlockTest {
    private static final Shape MAP = new Shape(2, 4, 5, 3);
    private static final Block SAME = new Block(4, 4, 1, 2, 2, 0, 0);
    private static final Block STRIDED = new Block(4, 6, 2, 2, 2, 0, 0);
    private static final Block NARROW = new Block(4, 4, 1, 1, 2, 0, 0);
    private static final Block NARROW_STRIDED = new Block(4, 6, 2, 1, 2, 0, 0);
    private static final Block WINDOWED = new Block(4, 4, 1, 2, 2, 2, 0);
    private static final Block WINDOWED_STRIDED = new Block(4, 6, 2, 2, 2, 2, 0);

    @ParameterizedTest(name = "{0}")
    @MethodSource("blocks")
    void valuesAreThoseOfTheDefinition(LayerCase c) {
        c.checkValues();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("blocks")
    void gradientsAreThoseOfCentralDifferences(LayerCase c) {
        c.checkGradients();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("blocks")
    void countedShapesAndMixedPrecisionAgreeWithTheRealWalk(LayerCase c) {
        c.checkShapeAndMixedPrecision();
    }

    static Stream<LayerCase> blocks() {
        return Stream.of(
                mbConv("MBConv", SAME, false),
                mbConv("MBConv with stride", STRIDED, false),
                mbConv("MBConv without expansion", NARROW, false),
                mbConv("MBConv without expansion, with stride", NARROW_STRIDED, false),
                mbConv("dense convolution", SAME, true),
                mbConv("dense convolution with stride", STRIDED, true),
                fused("fused MBConv", SAME),
                fused("fused MBConv with stride", STRIDED),
                fused("fused MBConv without expansion", NARROW),
                fused("fused MBConv without expansion, with stride", NARROW_STRIDED),
                attention("attention block", SAME, Operator.SA),
                attention("local attention block", WINDOWED, Operator.LSA),
                attention("cross-covariance block", SAME, Operator.XCA),
                transition("attention transition", STRIDED, Operator.SA),
                transition("local attention transition", WINDOWED_STRIDED, Operator.LSA),
                transition("cross-covariance transition", STRIDED, Operator.XCA),
                transition("attention transition without stride", new Block(4, 6, 1, 2, 2, 0, 0), Operator.SA),
                mixer("mixer block", WINDOWED),
                mixer("mixer block on one window", new Block(4, 4, 1, 2, 0, 5, 0)),
                mixerTransition("mixer transition", WINDOWED_STRIDED),
                mixerTransition("mixer transition without stride", new Block(4, 6, 1, 2, 0, 2, 0)));
    }

    private static LayerCase mbConv(String name, Block block, boolean dense) {
        return new LayerCase(name, () -> new MbConv(block, dense), MAP, (x, p) -> {
            BlockDefinition d = new BlockDefinition(p);
            Plain h = x;
            if (block.expansion() != 1 || block.stride() != 1) {
                h = d.convNormGelu(d.norm(x, "norm"), "expand", 1, 1);
            }
            h = d.convNormGelu(h, dense ? "dense" : "depthwise", block.stride(), dense ? 1 : block.hidden());
            h = d.norm(d.conv(d.squeezeExcite(h), "project", 1, 1), "project_norm");
            return d.shortcut(x, block).plus(h);
        });
    }

    private static LayerCase fused(String name, Block block) {
        return new LayerCase(name, () -> new FusedMbConv(block), MAP, (x, p) -> {
            BlockDefinition d = new BlockDefinition(p);
            boolean expands = block.expansion() != 1;
            Plain h = expands ? d.convNormGelu(d.norm(x, "norm"), "expand", block.stride(), 1) : x;
            h = d.conv(d.squeezeExcite(h), "project", expands ? 1 : block.stride(), 1);
            return d.shortcut(x, block).plus(d.norm(h, "project_norm"));
        });
    }

    private static LayerCase attention(String name, Block block, Operator operator) {
        return new LayerCase(name, () -> new AttentionBlock(block, operator), MAP, (x, p) -> {
            BlockDefinition d = new BlockDefinition(p);
            Plain h = Definitions.tokens(x.plus(d.conv(x, "position", 1, 4)));
            Plain a = inWindows(d.layerNorm(h, "norm1"), x, block, t -> d.attended(t, operator));
            h = h.plus(d.scaled(a, "scale1"));
            h = h.plus(d.scaled(d.mlp(d.layerNorm(h, "norm2"), "mlp"), "scale2"));
            return Definitions.map(h, x.size(2), x.size(3));
        });
    }

    private static LayerCase transition(String name, Block block, Operator operator) {
        return new LayerCase(name, () -> new AttentionTransition(block, operator), MAP, (x, p) -> {
            BlockDefinition d = new BlockDefinition(p);
            Plain h = x.plus(d.conv(x, "position", 1, 4));
            Plain normed = Definitions.map(d.layerNorm(Definitions.tokens(h), "norm1"), x.size(2), x.size(3));
            Plain pooled = Definitions.maxPool3(normed, block.stride());
            Plain a = inWindows(Definitions.tokens(pooled), pooled, block, t -> d.attended(t, operator));
            return d.shortcut(h, block).plus(Definitions.map(d.scaled(a, "scale1"), pooled.size(2), pooled.size(3)));
        });
    }

    /** Tokens of a map's size, in windows if the block has some. */
    private static Plain inWindows(Plain tokens, Plain map, Block block, UnaryOperator<Plain> function) {
        if (block.window() == 0) {
            return function.apply(tokens);
        }
        int side = block.window();
        Plain cut = BlockDefinition.windows(Definitions.map(tokens, map.size(2), map.size(3)), side);
        Plain joined = BlockDefinition.joined(function.apply(cut), side, map.size(2), map.size(3));
        return Definitions.tokens(joined);
    }

    private static LayerCase mixer(String name, Block block) {
        return new LayerCase(name, () -> new MixerBlock(block), MAP, (x, p) -> {
            BlockDefinition d = new BlockDefinition(p);
            Plain h = Definitions.tokens(x);
            Plain mixed = d.mixedPlaces(d.normedMap(x, "norm1"), block);
            h = h.plus(d.scaled(Definitions.tokens(mixed), "scale1"));
            h = h.plus(d.scaled(d.mlp(d.layerNorm(h, "norm2"), "mlp_channels"), "scale2"));
            return Definitions.map(h, x.size(2), x.size(3));
        });
    }

    private static LayerCase mixerTransition(String name, Block block) {
        return new LayerCase(name, () -> new MixerTransition(block), MAP, (x, p) -> {
            BlockDefinition d = new BlockDefinition(p);
            Plain h = d.conv(Definitions.maxPool3(x, block.stride()), "shortcut1.conv", 1, 1);
            h = h.plus(d.mixedPlaces(d.normedMap(x, "norm1"), block));
            Plain channels = d.mlp(d.layerNorm(Definitions.tokens(h), "norm2"), "mlp_channels");
            return d.conv(Definitions.maxPool3(h, 1), "shortcut2.conv", 1, 1)
                    .plus(Definitions.map(channels, h.size(2), h.size(3)));
        });
    }

    // Closed forms from the released code by hand; h hidden, q squeezed channels, t the shape-changing shortcut.
    @ParameterizedTest(name = "{0} to {1}, stride {2}, expansion {3}")
    @CsvSource({"32, 32, 1, 1", "32, 64, 2, 4", "64, 64, 1, 4", "128, 192, 2, 3", "48, 48, 1, 6", "32, 64, 2, 1"})
    void sizesAreThoseOfTheClosedForms(int in, int out, int stride, int expansion) {
        Block block = new Block(in, out, stride, expansion, 16, 0, 0);
        long h = (long) expansion * in;
        long q = Math.max(8, (h / 4 + 4) / 8 * 8);
        long t = in == out && stride == 1 ? 0 : (long) in * out + out;
        long squeezeExcite = h * q + q + q * h + h;
        long expand = h != in || stride != 1 ? 2L * in + in * h + 2 * h : 0;
        assertThat(Cost.parameters(new MbConv(block, false)))
                .isEqualTo(t + expand + 9 * h + 2 * h + squeezeExcite + h * out + out + 2L * out);
        long fused = h == in ? 9L * h * out + 3L * out : 2L * in + 9L * in * h + 2 * h + h * out + 3L * out;
        assertThat(Cost.parameters(new FusedMbConv(block))).isEqualTo(t + squeezeExcite + fused);
        long common = 15L * in + 3L * in * in;
        long transition = common + 2 * ((long) in * out + out) + out;
        assertThat(Cost.parameters(new AttentionTransition(block, Operator.SA))).isEqualTo(transition);
        assertThat(Cost.parameters(new AttentionTransition(block, Operator.XCA)))
                .isEqualTo(transition + in / 16);
        long same = common + 1L * in * in + in + 2L * in + 2L * h * in + h + in + 2L * in;
        Block kept = new Block(in, in, 1, expansion, 16, 0, 0);
        assertThat(Cost.parameters(new AttentionBlock(kept, Operator.SA))).isEqualTo(same);
        assertThat(Cost.parameters(new AttentionBlock(kept, Operator.XCA))).isEqualTo(same + in / 16);
    }

    @Test
    void aConvolutionBlockThatKeepsTheShapeStartsAsTheIdentity() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            for (Layer layer :
                    new Layer[] {new MbConv(SAME, false), new FusedMbConv(SAME), new MbConv(NARROW, false)}) {
                layer.initialize(manager, DataType.FLOAT32);
                NDArray x = manager.randomNormal(MAP);
                assertThat(layer.forward(x, Pass.training(Precision.FLOAT32)).toFloatArray())
                        .containsExactly(x.toFloatArray());
            }
        }
    }

    @Test
    void droppedBranchesLeaveTheShortcut() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            manager.getEngine().setRandomSeed(1);
            Layer layer = new MbConv(new Block(4, 4, 1, 2, 2, 0, 0.5), false);
            layer.initialize(manager, DataType.FLOAT32);
            NDArray weight = Objects.requireNonNull(layer.parameters().get("project_norm.weight"))
                    .getArray();
            weight.setRequiresGradient(false);
            weight.addi(1);
            NDArray x = manager.randomNormal(new Shape(64, 4, 5, 3));
            NDArray moved = layer.forward(x, Pass.training(Precision.FLOAT32)).sub(x);
            float[] largest = moved.abs().reshape(64, 60).max(new int[] {1}).toFloatArray();
            int kept = 0;
            for (float sample : largest) {
                kept += sample > 0 ? 1 : 0;
            }
            assertThat(kept).isBetween(16, 48);
        }
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource({"1, 8", "8, 8", "9, 16", "12, 16", "18, 24", "48, 48", "44, 48", "32, 32", "20, 24"})
    void squeezedWidthsAreRoundedToMultiplesOfEightWithoutLosingATenth(int value, int expected) {
        assertThat(Block.makeDivisible(value, 8)).isEqualTo(expected);
    }
}

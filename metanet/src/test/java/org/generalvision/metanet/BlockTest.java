package org.generalvision.metanet;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Objects;
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
    private static final Block SAME = new Block(4, 4, 1, 2, 2, 0);
    private static final Block STRIDED = new Block(4, 6, 2, 2, 2, 0);
    private static final Block NARROW = new Block(4, 4, 1, 1, 2, 0);
    private static final Block NARROW_STRIDED = new Block(4, 6, 2, 1, 2, 0);

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
                mbConv("MBConv", SAME),
                mbConv("MBConv with stride", STRIDED),
                mbConv("MBConv without expansion", NARROW),
                mbConv("MBConv without expansion, with stride", NARROW_STRIDED),
                fused("fused MBConv", SAME),
                fused("fused MBConv with stride", STRIDED),
                fused("fused MBConv without expansion", NARROW),
                fused("fused MBConv without expansion, with stride", NARROW_STRIDED),
                attention("attention block", SAME, false),
                attention("cross-covariance block", SAME, true),
                transition("attention transition", STRIDED, false),
                transition("cross-covariance transition", STRIDED, true),
                transition("attention transition without stride", new Block(4, 6, 1, 2, 2, 0), false));
    }

    private static LayerCase mbConv(String name, Block block) {
        return new LayerCase(name, () -> new MbConv(block), MAP, (x, p) -> {
            Plain h = x;
            if (block.expansion() != 1 || block.stride() != 1) {
                h = convNormGelu(norm(x, p, "norm"), p, "expand", 1, 1);
            }
            h = convNormGelu(h, p, "depthwise", block.stride(), block.hidden());
            h = norm(conv(squeezeExcite(h, p), p, "project", 1, 1), p, "project_norm");
            return shortcut(x, p, block).plus(h);
        });
    }

    private static LayerCase fused(String name, Block block) {
        return new LayerCase(name, () -> new FusedMbConv(block), MAP, (x, p) -> {
            boolean expands = block.expansion() != 1;
            Plain h = expands ? convNormGelu(norm(x, p, "norm"), p, "expand", block.stride(), 1) : x;
            h = conv(squeezeExcite(h, p), p, "project", expands ? 1 : block.stride(), 1);
            return shortcut(x, p, block).plus(norm(h, p, "project_norm"));
        });
    }

    private static LayerCase attention(String name, Block block, boolean crossCovariance) {
        return new LayerCase(name, () -> new AttentionBlock(block, crossCovariance), MAP, (x, p) -> {
            Plain h = Definitions.tokens(x.plus(conv(x, p, "position", 1, 4)));
            h = h.plus(scaled(attended(layerNorm(h, p, "norm1"), p, crossCovariance), p, "scale1"));
            Plain hidden = linear(layerNorm(h, p, "norm2"), p, "mlp.fc1").map(Definitions::gelu);
            h = h.plus(scaled(linear(hidden, p, "mlp.fc2"), p, "scale2"));
            return Definitions.map(h, x.size(2), x.size(3));
        });
    }

    private static LayerCase transition(String name, Block block, boolean crossCovariance) {
        return new LayerCase(name, () -> new AttentionTransition(block, crossCovariance), MAP, (x, p) -> {
            Plain h = x.plus(conv(x, p, "position", 1, 4));
            Plain normed = Definitions.map(layerNorm(Definitions.tokens(h), p, "norm1"), x.size(2), x.size(3));
            Plain pooled = Definitions.maxPool3(normed, block.stride());
            Plain a = scaled(attended(Definitions.tokens(pooled), p, crossCovariance), p, "scale1");
            return shortcut(h, p, block).plus(Definitions.map(a, pooled.size(2), pooled.size(3)));
        });
    }

    private static Plain get(Map<String, Plain> parameters, String path) {
        return Objects.requireNonNull(parameters.get(path), path);
    }

    private static Plain conv(Plain x, Map<String, Plain> p, String path, int stride, int groups) {
        Plain weight = get(p, path + ".weight");
        return Definitions.conv2d(x, weight, p.get(path + ".bias"), stride, weight.size(2) / 2, 1, groups);
    }

    private static Plain norm(Plain x, Map<String, Plain> p, String path) {
        return Definitions.batchNorm(x, get(p, path + ".weight"), get(p, path + ".bias"), 1e-5);
    }

    private static Plain layerNorm(Plain x, Map<String, Plain> p, String path) {
        return Definitions.layerNorm(x, get(p, path + ".weight"), get(p, path + ".bias"), 1e-5);
    }

    private static Plain convNormGelu(Plain x, Map<String, Plain> p, String path, int stride, int groups) {
        return norm(conv(x, p, path + ".conv", stride, groups), p, path + ".norm")
                .map(Definitions::gelu);
    }

    private static Plain squeezeExcite(Plain x, Map<String, Plain> p) {
        Plain mean = Definitions.adaptivePool(x, 1, 1);
        Plain squeezed = conv(mean, p, "squeeze_excite.fc1", 1, 1).map(t -> Math.max(t, 0));
        Plain factor = conv(squeezed, p, "squeeze_excite.fc2", 1, 1).map(Definitions::hardSigmoid);
        return Plain.filled(i -> x.at(i) * factor.at(i[0], i[1], 0, 0), x.shape());
    }

    private static Plain shortcut(Plain x, Map<String, Plain> p, Block block) {
        return block.stride() == 1 && block.in() == block.out()
                ? x
                : conv(Definitions.maxPool3(x, block.stride()), p, "shortcut.conv", 1, 1);
    }

    private static Plain linear(Plain x, Map<String, Plain> p, String path) {
        return x.linear(get(p, path + ".weight"), get(p, path + ".bias"));
    }

    private static Plain scaled(Plain x, Map<String, Plain> p, String path) {
        return Plain.filled(i -> x.at(i) * get(p, path + ".gamma").at(i[2]), x.shape());
    }

    private static Plain attended(Plain x, Map<String, Plain> p, boolean crossCovariance) {
        Plain qkv = linear(x, p, "attention.qkv");
        Plain y = crossCovariance
                ? Definitions.crossCovariance(qkv, get(p, "attention.temperature"), 2)
                : Definitions.selfAttention(qkv, 2, Definitions.Mask.NONE);
        return linear(y, p, "attention.proj");
    }

    // Closed forms from the released code by hand; h hidden, q squeezed channels, t the shape-changing shortcut.
    @ParameterizedTest(name = "{0} to {1}, stride {2}, expansion {3}")
    @CsvSource({"32, 32, 1, 1", "32, 64, 2, 4", "64, 64, 1, 4", "128, 192, 2, 3", "48, 48, 1, 6", "32, 64, 2, 1"})
    void sizesAreThoseOfTheClosedForms(int in, int out, int stride, int expansion) {
        Block block = new Block(in, out, stride, expansion, 16, 0);
        long h = (long) expansion * in;
        long q = Math.max(8, (h / 4 + 4) / 8 * 8);
        long t = in == out && stride == 1 ? 0 : (long) in * out + out;
        long squeezeExcite = h * q + q + q * h + h;
        long expand = h != in || stride != 1 ? 2L * in + in * h + 2 * h : 0;
        assertThat(Cost.parameters(new MbConv(block)))
                .isEqualTo(t + expand + 9 * h + 2 * h + squeezeExcite + h * out + out + 2L * out);
        long fused = h == in ? 9L * h * out + 3L * out : 2L * in + 9L * in * h + 2 * h + h * out + 3L * out;
        assertThat(Cost.parameters(new FusedMbConv(block))).isEqualTo(t + squeezeExcite + fused);
        long common = 15L * in + 3L * in * in;
        long transition = common + 2 * ((long) in * out + out) + out;
        assertThat(Cost.parameters(new AttentionTransition(block, false))).isEqualTo(transition);
        assertThat(Cost.parameters(new AttentionTransition(block, true))).isEqualTo(transition + in / 16);
        long same = common + 1L * in * in + in + 2L * in + 2L * h * in + h + in + 2L * in;
        Block kept = new Block(in, in, 1, expansion, 16, 0);
        assertThat(Cost.parameters(new AttentionBlock(kept, false))).isEqualTo(same);
        assertThat(Cost.parameters(new AttentionBlock(kept, true))).isEqualTo(same + in / 16);
    }

    @Test
    void aConvolutionBlockThatKeepsTheShapeStartsAsTheIdentity() {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            for (Layer layer : new Layer[] {new MbConv(SAME), new FusedMbConv(SAME), new MbConv(NARROW)}) {
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
            Layer layer = new MbConv(new Block(4, 4, 1, 2, 2, 0.5));
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

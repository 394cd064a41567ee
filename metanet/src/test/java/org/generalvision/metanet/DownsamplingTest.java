package org.generalvision.metanet;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.util.Objects;
import java.util.stream.Stream;
import org.generalvision.nn.Cost;
import org.generalvision.nn.Definitions;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerCase;
import org.generalvision.nn.Plain;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The modules for down-sampling against their equations (Sense-X/UniNet) in plain loops, and their sizes. */
class DownsamplingTest {
    private static final Shape MAP = new Shape(2, 4, 5, 3);
    private static final Block STRIDED = new Block(4, 6, 2, 1, 3, 0, 0);
    private static final Block KEPT = new Block(4, 6, 1, 1, 3, 0, 0);

    @ParameterizedTest(name = "{0}")
    @MethodSource("modules")
    void valuesAreThoseOfTheDefinition(LayerCase c) {
        c.checkValues();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modules")
    void gradientsAreThoseOfCentralDifferences(LayerCase c) {
        c.checkGradients();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modules")
    void countedShapesAndMixedPrecisionAgreeWithTheRealWalk(LayerCase c) {
        c.checkShapeAndMixedPrecision();
    }

    static Stream<LayerCase> modules() {
        return Stream.of(
                local("L-DSM", STRIDED),
                local("L-DSM without stride", KEPT),
                attentive("LG-DSM", STRIDED, Downsampling.LG_DSM),
                attentive("LG-DSM without stride", KEPT, Downsampling.LG_DSM),
                attentive("G-DSM", STRIDED, Downsampling.G_DSM),
                attentive("G-DSM without stride", KEPT, Downsampling.G_DSM));
    }

    private static Layer module(Downsampling downsampling, Block block) {
        return Objects.requireNonNull(downsampling.newModule(block));
    }

    private static LayerCase local(String name, Block block) {
        return new LayerCase(name, () -> module(Downsampling.L_DSM, block), MAP, (x, p) -> {
            BlockDefinition d = new BlockDefinition(p);
            return shortcut(x, d, block).plus(strided(x, d, "local", block));
        });
    }

    private static Plain strided(Plain x, BlockDefinition d, String path, Block block) {
        Plain h = d.conv(x, path + ".depthwise", block.stride(), block.in());
        return d.conv(d.norm(h, path + ".norm"), path + ".pointwise", 1, 1);
    }

    private static Plain shortcut(Plain x, BlockDefinition d, Block block) {
        return d.conv(block.stride() == 1 ? x : Definitions.maxPool3(x, block.stride()), "shortcut.conv", 1, 1);
    }

    private static LayerCase attentive(String name, Block block, Downsampling downsampling) {
        return new LayerCase(name, () -> module(downsampling, block), MAP, (x, p) -> {
            BlockDefinition d = new BlockDefinition(p);
            Plain y = shortcut(x, d, block);
            Plain queries = downsampling == Downsampling.LG_DSM
                    ? Definitions.tokens(strided(x, d, "query", block))
                    : d.linear(row(x, block.stride(), y.size(2) * y.size(3)), "query.tokens");
            Plain q = d.layerNorm(queries, "query_norm");
            Plain kv = d.linear(d.layerNorm(Definitions.tokens(x), "norm"), "kv");
            Plain a = d.linear(attended(q, kv, block.headWidth()), "proj");
            return y.plus(Definitions.map(a, y.size(2), y.size(3)));
        });
    }

    /** The tokens of a map, s * s to each of M entries, zeros at the end: (B, C, H, W) to (B, M, s * s * C). */
    private static Plain row(Plain x, int stride, int entries) {
        Plain tokens = Definitions.tokens(x);
        int channels = x.size(1);
        return Plain.filled(
                i -> {
                    int token = i[1] * stride * stride + i[2] / channels;
                    return token < tokens.size(1) ? tokens.at(i[0], token, i[2] % channels) : 0;
                },
                x.size(0),
                entries,
                (long) stride * stride * channels);
    }

    /** softmax(q k^T / sqrt(D)) v with keys and values in one array. */
    private static Plain attended(Plain q, Plain kv, int d) {
        int width = q.size(2);
        return Plain.filled(
                i -> {
                    int first = i[2] / d * d;
                    double[][] scores = new double[1][kv.size(1)];
                    for (int n = 0; n < kv.size(1); n++) {
                        for (int c = first; c < first + d; c++) {
                            scores[0][n] += q.at(i[0], i[1], c) * kv.at(i[0], n, c) / Math.sqrt(d);
                        }
                    }
                    double[] weights = Definitions.softmax(scores)[0];
                    double sum = 0;
                    for (int n = 0; n < kv.size(1); n++) {
                        sum += weights[n] * kv.at(i[0], n, width + i[2]);
                    }
                    return sum;
                },
                q.shape());
    }

    // By hand from the released code: two 1x1 convolutions, the depth-wise one and its norm; LG-DSM adds two layer
    // norms,
    // keys and values, and the projection.
    @ParameterizedTest(name = "{0} to {1}, stride {2}")
    @CsvSource({"24, 48, 2", "128, 128, 1", "128, 256, 2"})
    void sizesAreThoseOfTheClosedForms(int in, int out, int stride) {
        Block block = new Block(in, out, stride, 1, 16, 0, 0);
        long local = 2L * (in * out + out) + 10L * in + 2L * in;
        long attention = 2L * out + 2L * in + 2L * in * out + 2L * out + (long) out * out + out;
        assertThat(Cost.parameters(module(Downsampling.L_DSM, block))).isEqualTo(local);
        assertThat(Cost.parameters(module(Downsampling.LG_DSM, block))).isEqualTo(local + attention);
        long row = (long) stride * stride * in * out + out;
        assertThat(Cost.parameters(module(Downsampling.G_DSM, block)))
                .isEqualTo(row + (long) in * out + out + attention);
    }
}

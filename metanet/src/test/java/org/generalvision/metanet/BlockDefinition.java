package org.generalvision.metanet;

import java.util.Map;
import java.util.Objects;
import org.generalvision.nn.Definitions;
import org.generalvision.nn.Plain;

/** Parts of the released blocks in plain loops, with parameters by path. */
record BlockDefinition(Map<String, Plain> parameters) {
    private Plain get(String path) {
        return Objects.requireNonNull(parameters.get(path), path);
    }

    /** Padding that keeps the size at stride 1. */
    Plain conv(Plain x, String path, int stride, int groups) {
        Plain weight = get(path + ".weight");
        return Definitions.conv2d(x, weight, parameters.get(path + ".bias"), stride, weight.size(2) / 2, 1, groups);
    }

    Plain norm(Plain x, String path) {
        return Definitions.batchNorm(x, get(path + ".weight"), get(path + ".bias"), 1e-5);
    }

    Plain layerNorm(Plain x, String path) {
        return Definitions.layerNorm(x, get(path + ".weight"), get(path + ".bias"), 1e-5);
    }

    /** Layer norm of the channels of a map. */
    Plain normedMap(Plain x, String path) {
        return Definitions.map(layerNorm(Definitions.tokens(x), path), x.size(2), x.size(3));
    }

    Plain convNormGelu(Plain x, String path, int stride, int groups) {
        return norm(conv(x, path + ".conv", stride, groups), path + ".norm").map(Definitions::gelu);
    }

    Plain squeezeExcite(Plain x) {
        Plain mean = Definitions.adaptivePool(x, 1, 1);
        Plain squeezed = conv(mean, "squeeze_excite.fc1", 1, 1).map(t -> Math.max(t, 0));
        Plain factor = conv(squeezed, "squeeze_excite.fc2", 1, 1).map(Definitions::hardSigmoid);
        return Plain.filled(i -> x.at(i) * factor.at(i[0], i[1], 0, 0), x.shape());
    }

    Plain shortcut(Plain x, Block block) {
        return block.stride() == 1 && block.in() == block.out()
                ? x
                : conv(Definitions.maxPool3(x, block.stride()), "shortcut.conv", 1, 1);
    }

    Plain linear(Plain x, String path) {
        return x.linear(get(path + ".weight"), get(path + ".bias"));
    }

    Plain mlp(Plain x, String path) {
        return linear(linear(x, path + ".fc1").map(Definitions::gelu), path + ".fc2");
    }

    Plain scaled(Plain x, String path) {
        return Plain.filled(i -> x.at(i) * get(path + ".gamma").at(i[2]), x.shape());
    }

    /** Attention with two heads. */
    Plain attended(Plain x, Operator operator) {
        Plain qkv = linear(x, "attention.qkv");
        Plain y = operator == Operator.XCA
                ? Definitions.crossCovariance(qkv, get("attention.temperature"), 2)
                : Definitions.selfAttention(qkv, 2, Definitions.Mask.NONE);
        return linear(y, "attention.proj");
    }

    /** Each channel's places of a window through an MLP: (B, C, H, W) to (B, C, ceil(H / s), ceil(W / s)). */
    Plain mixedPlaces(Plain x, Block block) {
        Plain cut = windows(x, block.window() * block.stride());
        Plain mixed = transposed(mlp(transposed(cut), "mlp_places"));
        int height = (x.size(2) - 1) / block.stride() + 1;
        int width = (x.size(3) - 1) / block.stride() + 1;
        return joined(mixed, block.window(), height, width);
    }

    private static Plain transposed(Plain x) {
        return Plain.filled(i -> x.at(i[0], i[2], i[1]), x.size(0), x.size(2), x.size(1));
    }

    /** (B, C, H, W) to (B * windows, side * side, C), zeros beyond the map. */
    static Plain windows(Plain x, int side) {
        int across = (x.size(3) - 1) / side + 1;
        int each = ((x.size(2) - 1) / side + 1) * across;
        return Plain.filled(
                i -> {
                    int window = i[0] % each;
                    int row = window / across * side + i[1] / side;
                    int column = window % across * side + i[1] % side;
                    return x.atOr(0, i[0] / each, i[2], row, column);
                },
                (long) x.size(0) * each,
                (long) side * side,
                x.size(1));
    }

    /** The map (B, C, H, W) that windows cover. */
    static Plain joined(Plain x, int side, int height, int width) {
        int across = (width - 1) / side + 1;
        int each = ((height - 1) / side + 1) * across;
        return Plain.filled(
                i -> {
                    int window = i[0] * each + i[2] / side * across + i[3] / side;
                    return x.at(window, i[2] % side * side + i[3] % side, i[1]);
                },
                x.size(0) / each,
                x.size(2),
                height,
                width);
    }
}

package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import org.generalvision.nn.Activation;
import org.generalvision.nn.Attention;
import org.generalvision.nn.DropPath;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerNorm;
import org.generalvision.nn.Mlp;
import org.generalvision.nn.Pass;
import org.generalvision.nn.TokenOps;
import org.generalvision.nn.TokenOps.Windows;

/**
 * Block of a Swin transformer on maps (B, H, W, C): x + WindowAttention(LN(x)), then x + Mlp(LN(x)). Children {@code norm1},
 * {@code attn}, {@code norm2}, {@code mlp}; parameter {@code attn.relative_position_bias_table} ((2 window - 1)^2, heads).
 */
final class SwinBlock extends Layer {
    private final Config config;
    private final LayerNorm norm1;
    private final Attention attention;
    private final Parameter biasTable;
    private final LayerNorm norm2;
    private final Mlp mlp;
    private final DropPath dropPath;

    SwinBlock(Config config) {
        this.config = config;
        norm1 = child("norm1", new LayerNorm(config.width()));
        attention = child("attn", new Attention(config.width(), config.heads()));
        long distances = 2L * config.window() - 1;
        biasTable = parameter(
                "attn.relative_position_bias_table",
                new Shape(distances * distances, config.heads()),
                Init.truncatedNormal(0.02));
        norm2 = child("norm2", new LayerNorm(config.width()));
        mlp = child("mlp", new Mlp(config.width(), 4 * config.width(), Activation.GELU));
        dropPath = child("drop_path", new DropPath(config.dropPath()));
    }

    @Override
    public NDArray forward(NDArray x_BHWC, Pass pass) {
        NDArray a_BHWC = windowAttention(norm1.forward(x_BHWC, pass), pass);
        NDArray h_BHWC = x_BHWC.add(dropPath.forward(a_BHWC, pass));
        NDArray m_BHWC = mlp.forward(norm2.forward(h_BHWC, pass), pass);
        return h_BHWC.add(dropPath.forward(m_BHWC, pass));
    }

    /** Attention inside (shifted) windows, with a learned bias for the distance of two places (equation 4). */
    private NDArray windowAttention(NDArray x_BHWC, Pass pass) {
        pass.visit(this);
        Shape s = x_BHWC.getShape();
        Windows windows = Windows.of(config.window(), config.shift(), s.get(1), s.get(2));
        NDArray bias = TokenOps.windowBias(x_BHWC, array(biasTable), windows, s.get(0));
        NDArray y_WNC = attention.forward(TokenOps.windows(x_BHWC, windows), bias, pass);
        return TokenOps.map(y_WNC, windows);
    }

    /**
     * Sizes of a block.
     *
     * @param window side of a window in places
     * @param shift places by which windows are shifted, 0 for none
     */
    record Config(int width, int heads, int window, int shift, double dropPath) {}
}

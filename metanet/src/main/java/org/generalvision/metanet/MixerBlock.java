package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Activation;
import org.generalvision.nn.DropPath;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerNorm;
import org.generalvision.nn.LayerScale;
import org.generalvision.nn.Mlp;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.TokenOps;
import org.generalvision.nn.TokenOps.Windows;

/**
 * Mixer block of MetaNet on a map: x = x + g1 Mlp(LN(x)) between the places of a window, then x = x + g2 Mlp(LN(x)) between
 * channels, with factors g per channel that start at 1e-6 (MetaNet's code for MLP-Mixer, arXiv 2105.01601). Shapes: B batch,
 * C channels, H x W map, N = H W tokens, W windows of M tokens.
 */
final class MixerBlock extends Layer {
    private final Block block;
    private final LayerNorm norm1;
    private final Mlp places;
    private final LayerScale scale1;
    private final LayerNorm norm2;
    private final Mlp channels;
    private final LayerScale scale2;
    private final DropPath dropPath;

    MixerBlock(Block block) {
        this.block = block;
        int width = block.in();
        norm1 = child("norm1", new LayerNorm(width));
        places = child("mlp_places", newPlaces(block));
        scale1 = child("scale1", new LayerScale(width, AttentionBlock.START_SCALE));
        norm2 = child("norm2", new LayerNorm(width));
        channels = child("mlp_channels", new Mlp(width, block.hidden(), Activation.GELU));
        scale2 = child("scale2", new LayerScale(width, AttentionBlock.START_SCALE));
        dropPath = child("drop_path", new DropPath(block.dropPath()));
    }

    /** From the places of a window in the input to those of the window in the output. */
    static Mlp newPlaces(Block block) {
        return new Mlp(
                block.inputWindow() * block.inputWindow(),
                block.hiddenPlaces(),
                block.window() * block.window(),
                Activation.GELU);
    }

    /** Mixes places inside the windows of maps (B, H, W, C), each channel by itself. */
    static NDArray mixed(NDArray x_BHWC, Windows from, Windows to, Mlp places, Pass pass) {
        NDArray x_WCM = TokenOps.windows(x_BHWC, from).transpose(0, 2, 1);
        return TokenOps.map(places.forward(x_WCM, pass).transpose(0, 2, 1), to);
    }

    @Override
    public NDArray forward(NDArray x_BCHW, Pass pass) {
        long height = x_BCHW.getShape().get(2);
        long width = x_BCHW.getShape().get(3);
        Windows windows = Windows.of(block.window(), 0, height, width);
        NDArray x_BHWC = x_BCHW.transpose(0, 2, 3, 1);
        NDArray p_BHWC = mixed(norm1.forward(x_BHWC, pass), windows, windows, places, pass);
        NDArray x_BNC = Ops.tokens(x_BCHW);
        NDArray p_BNC = p_BHWC.reshape(x_BNC.getShape());
        x_BNC = x_BNC.add(dropPath.forward(scale1.forward(p_BNC, pass), pass));
        NDArray c_BNC = channels.forward(norm2.forward(x_BNC, pass), pass);
        x_BNC = x_BNC.add(dropPath.forward(scale2.forward(c_BNC, pass), pass));
        return Ops.map(x_BNC, height, width);
    }
}

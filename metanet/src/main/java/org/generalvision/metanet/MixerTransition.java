package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.generalvision.nn.Activation;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerNorm;
import org.generalvision.nn.Mlp;
import org.generalvision.nn.Pass;
import org.generalvision.nn.TokenOps.Windows;

/**
 * The first block of a mixer stage that changes the shape (MetaNet's code): places of a window are mixed into the fewer
 * places of a smaller one beside pooling and a 1x1 convolution, then channels into the new width beside another 1x1
 * convolution. It has no factors and no drop path.
 */
final class MixerTransition extends Layer {
    private final Block block;
    private final LayerNorm norm1;
    private final Mlp places;
    private final Shortcut shortcut1;
    private final LayerNorm norm2;
    private final Mlp channels;
    private final Shortcut shortcut2;

    MixerTransition(Block block) {
        this.block = block;
        norm1 = child("norm1", new LayerNorm(block.in()));
        places = child("mlp_places", MixerBlock.newPlaces(block));
        shortcut1 = child("shortcut1", Shortcut.pooling(block.in(), block.in(), block.stride()));
        norm2 = child("norm2", new LayerNorm(block.in()));
        channels = child("mlp_channels", new Mlp(block.in(), block.hidden(), block.out(), Activation.GELU));
        shortcut2 = child("shortcut2", Shortcut.pooling(block.in(), block.out(), 1));
    }

    @Override
    public NDArray forward(NDArray x_BCHW, Pass pass) {
        NDArray h_BCHW = shortcut1.forward(x_BCHW, pass);
        Shape in = x_BCHW.getShape();
        Shape out = h_BCHW.getShape();
        Windows from = Windows.of(block.inputWindow(), 0, in.get(2), in.get(3));
        Windows to = Windows.of(block.window(), 0, out.get(2), out.get(3));
        NDArray p_BHWC = MixerBlock.mixed(norm1.forward(x_BCHW.transpose(0, 2, 3, 1), pass), from, to, places, pass);
        h_BCHW = h_BCHW.add(p_BHWC.transpose(0, 3, 1, 2));
        NDArray c_BHWC = channels.forward(norm2.forward(h_BCHW.transpose(0, 2, 3, 1), pass), pass);
        return shortcut2.forward(h_BCHW, pass).add(c_BHWC.transpose(0, 3, 1, 2));
    }
}

package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerNorm;
import org.generalvision.nn.LayerScale;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * The first block of an attention stage that changes the shape: with x = x + DW(x), the result is Shortcut(x) + g1
 * Attention(MaxPool(LN(x))), where attention maps to the new width. It has no MLP and no drop path.
 */
final class AttentionTransition extends Layer {
    private final Block block;
    private final Conv2d position;
    private final LayerNorm norm1;
    private final Layer attention;
    private final LayerScale scale1;
    private final Shortcut shortcut;

    AttentionTransition(Block block, Operator operator) {
        this.block = block;
        position = child("position", AttentionBlock.newPosition(block.in()));
        norm1 = child("norm1", new LayerNorm(block.in()));
        attention = child("attention", AttentionBlock.newAttention(block, operator));
        scale1 = child("scale1", new LayerScale(block.out(), AttentionBlock.START_SCALE));
        shortcut = child("shortcut", new Shortcut(block));
    }

    @Override
    public NDArray forward(NDArray x_BCHW, Pass pass) {
        NDArray h_BCHW = x_BCHW.add(position.forward(x_BCHW, pass));
        Shape in = x_BCHW.getShape();
        NDArray n_BCHW = Ops.map(norm1.forward(Ops.tokens(h_BCHW), pass), in.get(2), in.get(3));
        NDArray pooled = Ops.maxPool2d(n_BCHW, 3, block.stride(), 1);
        Shape out = pooled.getShape();
        NDArray a_BNC =
                block.inWindows(Ops.tokens(pooled), out.get(2), out.get(3), t_WMC -> attention.forward(t_WMC, pass));
        NDArray a_BCHW = Ops.map(scale1.forward(a_BNC, pass), out.get(2), out.get(3));
        return shortcut.forward(h_BCHW, pass).add(a_BCHW);
    }
}

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
    private final int stride;
    private final Conv2d position;
    private final LayerNorm norm1;
    private final Layer attention;
    private final LayerScale scale1;
    private final Shortcut shortcut;

    AttentionTransition(Block block, boolean crossCovariance) {
        stride = block.stride();
        position = child("position", AttentionBlock.newPosition(block.in()));
        norm1 = child("norm1", new LayerNorm(block.in()));
        attention = child("attention", AttentionBlock.newAttention(block, crossCovariance));
        scale1 = child("scale1", new LayerScale(block.out(), AttentionBlock.START_SCALE));
        shortcut = child("shortcut", new Shortcut(block));
    }

    @Override
    public NDArray forward(NDArray x_BCHW, Pass pass) {
        NDArray h_BCHW = x_BCHW.add(position.forward(x_BCHW, pass));
        Shape in = x_BCHW.getShape();
        NDArray n_BCHW = Ops.map(norm1.forward(Ops.tokens(h_BCHW), pass), in.get(2), in.get(3));
        NDArray pooled = Ops.maxPool2d(n_BCHW, 3, stride, 1);
        Shape out = pooled.getShape();
        NDArray a_BNC = scale1.forward(attention.forward(Ops.tokens(pooled), pass), pass);
        return shortcut.forward(h_BCHW, pass).add(Ops.map(a_BNC, out.get(2), out.get(3)));
    }
}

package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Activation;
import org.generalvision.nn.Attention;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.CrossCovarianceAttention;
import org.generalvision.nn.DropPath;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerNorm;
import org.generalvision.nn.LayerScale;
import org.generalvision.nn.Mlp;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * Transformer block of MetaNet on a map: the place is told by adding a depth-wise convolution, x = x + DW(x), then x = x +
 * g1 Attention(LN(x)) and x = x + g2 Mlp(LN(x)), with factors g per channel that start at 1e-6. Shapes: B batch, C channels,
 * H x W map, N = H W tokens, W windows of M tokens.
 */
final class AttentionBlock extends Layer {
    private final Block block;
    private final Conv2d position;
    private final LayerNorm norm1;
    private final Layer attention;
    private final LayerScale scale1;
    private final LayerNorm norm2;
    private final Mlp mlp;
    private final LayerScale scale2;
    private final DropPath dropPath;

    AttentionBlock(Block block, Operator operator) {
        this.block = block;
        int width = block.in();
        position = child("position", newPosition(width));
        norm1 = child("norm1", new LayerNorm(width));
        attention = child("attention", newAttention(block, operator));
        scale1 = child("scale1", new LayerScale(width, START_SCALE));
        norm2 = child("norm2", new LayerNorm(width));
        mlp = child("mlp", new Mlp(width, block.hidden(), Activation.GELU));
        scale2 = child("scale2", new LayerScale(width, START_SCALE));
        dropPath = child("drop_path", new DropPath(block.dropPath()));
    }

    static final double START_SCALE = 1e-6;

    static Conv2d newPosition(int width) {
        return Conv2d.withTorchInit(Conv2d.Config.depthwise(width, 3).withBias());
    }

    static Layer newAttention(Block block, Operator operator) {
        int heads = block.in() / block.headWidth();
        return operator == Operator.XCA
                ? new CrossCovarianceAttention(block.in(), block.out(), heads)
                : new Attention(block.in(), block.out(), heads, false);
    }

    @Override
    public NDArray forward(NDArray x_BCHW, Pass pass) {
        long height = x_BCHW.getShape().get(2);
        long width = x_BCHW.getShape().get(3);
        NDArray x_BNC = Ops.tokens(x_BCHW.add(position.forward(x_BCHW, pass)));
        NDArray a_BNC =
                block.inWindows(norm1.forward(x_BNC, pass), height, width, t_WMC -> attention.forward(t_WMC, pass));
        x_BNC = x_BNC.add(dropPath.forward(scale1.forward(a_BNC, pass), pass));
        NDArray m_BNC = mlp.forward(norm2.forward(x_BNC, pass), pass);
        x_BNC = x_BNC.add(dropPath.forward(scale2.forward(m_BNC, pass), pass));
        return Ops.map(x_BNC, height, width);
    }
}

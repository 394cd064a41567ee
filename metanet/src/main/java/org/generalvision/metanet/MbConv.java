package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.DropPath;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;
import org.generalvision.nn.SqueezeExcite;
import org.jspecify.annotations.Nullable;

/**
 * Inverted residual of MetaNet with a convolution at the hidden width: norm, 1x1 to the hidden width, 3x3 with the stride
 * (depth-wise, or dense as UniNet's Conv), squeeze and excitation, 1x1 to the output width, and a norm whose weight starts
 * at 0, so that a block that keeps the shape starts as the identity. The expansion is left out where it would change neither
 * width nor size. UniNet's paper gives Conv by its formula alone; norms, activations and squeeze and excitation, as in the
 * released depth-wise block, are our choice.
 */
final class MbConv extends Layer {
    private final @Nullable BatchNorm norm;
    private final @Nullable ConvNormGelu expand;
    private final ConvNormGelu spatial;
    private final SqueezeExcite squeezeExcite;
    private final Conv2d project;
    private final BatchNorm projectNorm;
    private final DropPath dropPath;
    private final @Nullable Shortcut shortcut;

    /**
     * @param dense whether the 3x3 convolution mixes channels
     */
    MbConv(Block block, boolean dense) {
        int hidden = block.hidden();
        boolean expands = hidden != block.in() || block.stride() != 1;
        norm = expands ? child("norm", new BatchNorm(block.in())) : null;
        expand = expands ? child("expand", new ConvNormGelu(Conv2d.Config.of(block.in(), hidden, 1))) : null;
        Conv2d.Config config = dense ? Conv2d.Config.of(hidden, hidden, 3) : Conv2d.Config.depthwise(hidden, 3);
        spatial = child(dense ? "dense" : "depthwise", new ConvNormGelu(config.withStride(block.stride())));
        squeezeExcite = child("squeeze_excite", new SqueezeExcite(hidden, block.squeezed()));
        project = child("project", block.projection(1, 1));
        projectNorm = child("project_norm", BatchNorm.zeroStart(block.out()));
        dropPath = child("drop_path", new DropPath(block.dropPath()));
        shortcut = block.sameShape() ? null : child("shortcut", new Shortcut(block));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray h = x;
        if (norm != null && expand != null) {
            h = expand.forward(norm.forward(h, pass), pass);
        }
        h = squeezeExcite.forward(spatial.forward(h, pass), pass);
        h = projectNorm.forward(project.forward(h, pass), pass);
        NDArray residual = shortcut == null ? x : shortcut.forward(x, pass);
        return residual.add(dropPath.forward(h, pass));
    }
}

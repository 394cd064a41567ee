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
 * Inverted residual of MetaNet with a dense convolution: norm, 3x3 with the stride to the hidden width, squeeze and
 * excitation, 1x1 to the output width, and a norm whose weight starts at 0. Where the hidden width is the input's, the
 * first convolution is left out and the last one is 3x3 with the stride.
 */
final class FusedMbConv extends Layer {
    private final @Nullable BatchNorm norm;
    private final @Nullable ConvNormGelu expand;
    private final SqueezeExcite squeezeExcite;
    private final Conv2d project;
    private final BatchNorm projectNorm;
    private final DropPath dropPath;
    private final @Nullable Shortcut shortcut;

    FusedMbConv(Block block) {
        int hidden = block.hidden();
        boolean expands = hidden != block.in();
        norm = expands ? child("norm", new BatchNorm(block.in())) : null;
        expand = expands
                ? child(
                        "expand",
                        new ConvNormGelu(Conv2d.Config.of(block.in(), hidden, 3).withStride(block.stride())))
                : null;
        squeezeExcite = child("squeeze_excite", new SqueezeExcite(hidden, block.squeezed()));
        project = child("project", expands ? block.projection(1, 1) : block.projection(3, block.stride()));
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
        h = squeezeExcite.forward(h, pass);
        h = projectNorm.forward(project.forward(h, pass), pass);
        NDArray residual = shortcut == null ? x : shortcut.forward(x, pass);
        return residual.add(dropPath.forward(h, pass));
    }
}

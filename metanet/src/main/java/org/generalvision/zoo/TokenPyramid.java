package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Init;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * What networks on patches of one size share: how a picture becomes patches, and the maps that dense heads read. There is
 * one resolution only, so, as in the simple feature pyramid of ViTDet (arXiv 2203.16527) but without its learned layers, the
 * last map is enlarged (bilinearly) or pooled to the strides 4 to 32.
 */
final class TokenPyramid {
    private TokenPyramid() {}

    /** The convolution that makes tokens of patches: (B, 3, H, W) to (B, width, H / patch, W / patch). */
    static Conv2d patches(int width, int patch) {
        Conv2d.Config config = Conv2d.Config.of(3, width, patch)
                .withStride(patch)
                .withPadding(0)
                .withBias();
        return new Conv2d(config, Init.truncatedNormal(Math.sqrt(1.0 / (3 * patch * patch))));
    }

    /** The pictures, if whole patches cover them. */
    static NDArray requirePatches(NDArray x, int patch) {
        long height = x.getShape().get(2);
        long width = x.getShape().get(3);
        if (height < patch || width < patch || height % patch != 0 || width % patch != 0) {
            throw new IllegalArgumentException("Height and width of the pictures must be multiples of the patches of "
                    + patch + " pixels: " + height + " x " + width + "; resize or crop them");
        }
        return x;
    }

    /** Taps {@code stride4}, {@code stride8}, {@code stride16} and {@code stride32} of tokens (B, height * width, D). */
    static void tap(NDArray tokens, long height, long width, int patch, Pass pass) {
        if (!pass.tapping()) {
            return;
        }
        NDArray map = Ops.map(tokens, height, width);
        for (int stride = 4; stride <= 32; stride *= 2) {
            int rows = (int) Math.max(1, height * patch / stride);
            int columns = (int) Math.max(1, width * patch / stride);
            pass.tap("stride" + stride, stride == patch ? map : resized(map, rows, columns, stride < patch));
        }
    }

    private static NDArray resized(NDArray map, int rows, int columns, boolean enlarged) {
        return enlarged ? Ops.resizeBilinear(map, rows, columns) : Ops.adaptiveAvgPool2d(map, rows, columns);
    }
}

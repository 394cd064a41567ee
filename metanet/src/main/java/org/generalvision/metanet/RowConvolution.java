package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.TokenOps;

/**
 * A convolution over the row of a map's tokens, (B, C, H, W) to (B, out, ceil(H / s), ceil(W / s)): the queries of G-DSM.
 * Kernel and stride s * s, so that there are as many queries as places after a strided convolution, are our choice, as is
 * filling up with zeros at the end; UniNet's code has no G-DSM. Child {@code tokens}, a linear map of s * s tokens in a row.
 */
final class RowConvolution extends Layer {
    private final int stride;
    private final Linear tokens;

    RowConvolution(Block block) {
        stride = block.stride();
        tokens = child("tokens", new Linear(stride * stride * block.in(), block.out()));
    }

    @Override
    public NDArray forward(NDArray x_BCHW, Pass pass) {
        Shape s = x_BCHW.getShape();
        MapSize out = new MapSize(s.get(2), s.get(3)).strided(stride);
        long missing = out.places() * stride * stride - s.get(2) * s.get(3);
        NDArray x_BNC = Ops.tokens(x_BCHW);
        x_BNC = missing == 0 ? x_BNC : TokenOps.fill(x_BNC, missing);
        NDArray y_BMC = tokens.forward(x_BNC.reshape(s.get(0), out.places(), -1), pass);
        return Ops.map(y_BMC, out.height(), out.width());
    }
}

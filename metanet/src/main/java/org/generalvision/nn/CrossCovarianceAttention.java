package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

/**
 * Cross-covariance attention, XCA (arXiv 2106.09681): attention among the channels of each head instead of among the
 * tokens, so its cost grows with the number of tokens and not with its square. (B, N, C) to (B, N, out). With q, k, v of
 * shape (D, N) and q, k of Euclidean norm 1 over the tokens, y = softmax(q k^T * temperature) v. Children {@code qkv},
 * {@code proj}; parameter {@code temperature} (heads, 1, 1).
 */
public final class CrossCovarianceAttention extends Layer {
    private final int heads;
    private final Linear qkv;
    private final Linear proj;
    private final Parameter temperature;

    public CrossCovarianceAttention(int width, int out, int heads) {
        Attention.requireDivides(heads, width);
        this.heads = heads;
        qkv = child("qkv", new Linear(width, 3 * width));
        proj = child("proj", new Linear(width, out));
        temperature = parameter("temperature", new Shape(heads, 1, 1), Init.ones());
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        return proj.forward(products(qkv.forward(x, pass), pass), pass);
    }

    private NDArray products(NDArray qkv, Pass pass) {
        Tally tally = pass.tally();
        if (tally != null) {
            tally.visit(this);
            Shape s = qkv.getShape();
            Shape result = new Shape(s.get(0), s.get(1), s.get(2) / 3);
            tally.add(2 * result.size() * (result.get(2) / heads), result);
            return Ops.withoutStorage(qkv, result);
        }
        return Ops.crossCovariance(qkv, array(temperature), heads);
    }
}

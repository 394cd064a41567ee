package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head self-attention among the tokens of (B, N, C): result (B, N, out). With D = C / heads,
 * y = proj(softmax(q k^T / sqrt(D)) v). Children {@code qkv} (channels ordered part, head, dimension) and {@code proj}.
 */
public final class Attention extends Layer {
    private final int heads;
    private final boolean causal;
    private final Linear qkv;
    private final Linear proj;

    /** Of one width, not causal; weights start truncated normal with deviation 0.02. */
    public Attention(int width, int heads) {
        this(width, width, heads, false);
    }

    public Attention(int width, int out, int heads, boolean causal) {
        this(width, out, heads, causal, Init.truncatedNormal(0.02), Init.truncatedNormal(0.02));
    }

    /**
     * @param causal whether a token sees only itself and those before it
     */
    public Attention(
            int width, int out, int heads, boolean causal, Initializer qkvInitializer, Initializer projInitializer) {
        requireDivides(heads, width);
        this.heads = heads;
        this.causal = causal;
        qkv = child("qkv", new Linear(width, 3 * width, true, qkvInitializer));
        proj = child("proj", new Linear(width, out, true, projInitializer));
    }

    static void requireDivides(int heads, int width) {
        if (heads <= 0 || width % heads != 0) {
            throw new IllegalArgumentException(
                    "The number of heads must divide the width: " + heads + " does not divide " + width);
        }
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        return forward(x, null, pass);
    }

    /**
     * With a mask that is added to the scores (0 to see, -infinity to hide); a causal layer takes none.
     *
     * @param mask shape that can be broadcast to (B, heads, N, N)
     */
    public NDArray forward(NDArray x, @Nullable NDArray mask, Pass pass) {
        if (causal && mask != null) {
            throw new IllegalStateException("A causal attention layer takes no further mask");
        }
        return proj.forward(products(qkv.forward(x, pass), mask, pass), pass);
    }

    private NDArray products(NDArray qkv, @Nullable NDArray mask, Pass pass) {
        Tally tally = pass.tally();
        if (tally != null) {
            Shape s = qkv.getShape();
            Shape result = new Shape(s.get(0), s.get(1), s.get(2) / 3);
            tally.add(2 * result.size() * result.get(1), result);
            return Ops.withoutStorage(qkv, result);
        }
        return mask == null ? Ops.selfAttention(qkv, heads, causal) : Ops.selfAttention(qkv, heads, mask);
    }
}

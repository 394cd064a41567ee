package org.generalvision.nn;

import ai.djl.ndarray.NDArray;

/**
 * Pre-norm transformer block on tokens (B, N, C): x + Attention(LN(x)), then x + Mlp(LN(x)); dropout and drop path act on
 * what is added. Children {@code norm1}, {@code attention}, {@code norm2}, {@code mlp}.
 */
public final class TransformerBlock extends Layer {
    private final LayerNorm norm1;
    private final Attention attention;
    private final LayerNorm norm2;
    private final Mlp mlp;
    private final Dropout dropout;
    private final DropPath dropPath;

    public TransformerBlock(Config config) {
        int width = config.width();
        norm1 = child("norm1", new LayerNorm(width));
        attention = child("attention", config.newAttention());
        norm2 = child("norm2", new LayerNorm(width));
        mlp = child("mlp", config.newMlp());
        dropout = child("dropout", new Dropout(config.dropout()));
        dropPath = child("drop_path", new DropPath(config.dropPath()));
    }

    @Override
    public NDArray forward(NDArray x_BND, Pass pass) {
        NDArray a_BND = attention.forward(norm1.forward(x_BND, pass), pass);
        NDArray h_BND = x_BND.add(dropPath.forward(dropout.forward(a_BND, pass), pass));
        NDArray m_BND = mlp.forward(norm2.forward(h_BND, pass), pass);
        return h_BND.add(dropPath.forward(dropout.forward(m_BND, pass), pass));
    }

    /**
     * Sizes of a block.
     *
     * @param causal whether a token sees only itself and those before it
     * @param dropout rate with which elements of a branch are dropped in training, in [0, 1)
     * @param dropPath rate with which a sample's whole branch is dropped in training, in [0, 1)
     * @param depth number of blocks of the whole transformer; weights then start as CLIP's do (deviations C^-0.5 for qkv,
     *     (2 C)^-0.5 for fc1, (2 C depth)^-0.5 for what writes into the residual stream), or 0: truncated normal 0.02
     */
    public record Config(
            int width,
            int heads,
            int hidden,
            boolean causal,
            Activation activation,
            double dropout,
            double dropPath,
            int depth) {
        public Config {
            if (width <= 0 || hidden <= 0 || depth < 0) {
                throw new IllegalArgumentException("Sizes of a transformer block must be positive: width " + width
                        + ", hidden " + hidden + ", depth " + depth);
            }
        }

        /** Not causal, GELU, hidden width 4 C, nothing dropped. */
        public static Config of(int width, int heads) {
            return new Config(width, heads, 4 * width, false, Activation.GELU, 0, 0, 0);
        }

        /**
         * A block of CLIP's causal text transformer with {@code depth} blocks (arXiv 2103.00020).
         *
         * @param dropout in [0, 1); CLIP itself has none
         */
        public static Config clipText(int width, int heads, double dropout, int depth) {
            return new Config(width, heads, 4 * width, true, Activation.QUICK_GELU, dropout, 0, depth);
        }

        private Attention newAttention() {
            return depth == 0
                    ? new Attention(width, width, heads, causal)
                    : new Attention(
                            width,
                            width,
                            heads,
                            causal,
                            Init.normal(Math.pow(width, -0.5)),
                            Init.normal(Math.pow(2.0 * width * depth, -0.5)));
        }

        private Mlp newMlp() {
            return depth == 0
                    ? new Mlp(width, hidden, activation)
                    : new Mlp(
                            width,
                            hidden,
                            activation,
                            Init.normal(Math.pow(2.0 * width, -0.5)),
                            Init.normal(Math.pow(2.0 * width * depth, -0.5)));
        }
    }
}

package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.nn.Activation;
import org.generalvision.nn.Attention;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerNorm;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Mlp;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.TokenOps;
import org.jspecify.annotations.Nullable;

/**
 * Vision transformer (arXiv 2010.11929) with the parameter names of timm: {@code cls_token}, {@code pos_embed}, {@code
 * patch_embed.proj}, {@code blocks.0.attn.qkv}, {@code norm}, {@code head}. The feature is the class token after the last
 * norm. Pictures of another size get a resized place embedding. Taps: see {@link TokenPyramid}.
 *
 * <p>Shapes: B batch, N tokens with the class token, D width.
 */
final class VisionTransformer extends Backbone {
    /** Of every norm, in the paper's code, timm and torchvision. */
    static final double EPSILON = 1e-6;

    private final Config config;
    private final Parameter classToken;
    private final Parameter places;
    private final Conv2d patches;
    private final List<TokenBlock> blocks;
    private final LayerNorm norm;
    private final @Nullable Linear head;

    /**
     * @param classes number of classes, or 0 for a network that ends with the class token
     */
    VisionTransformer(Config config, int classes) {
        this.config = config;
        int width = config.width();
        long grid = config.grid();
        classToken = parameter("cls_token", new Shape(1, 1, width), Init.normal(1e-6));
        places = parameter("pos_embed", new Shape(1, 1 + grid * grid, width), Init.truncatedNormal(0.02));
        patches = child("patch_embed.proj", TokenPyramid.patches(width, config.patch()));
        blocks = children(
                "blocks",
                IntStream.range(0, config.depth())
                        .mapToObj(i -> new TokenBlock(width, config.heads()))
                        .toList());
        norm = child("norm", new LayerNorm(width, EPSILON));
        head = classes == 0 ? null : child("head", new Linear(width, classes));
    }

    @Override
    public int featureWidth() {
        return config.width();
    }

    @Override
    public NDArray features(NDArray x, Pass pass) {
        pass.visit(this);
        NDArray map_BDhw = patches.forward(TokenPyramid.requirePatches(x, config.patch()), pass);
        long height = map_BDhw.getShape().get(2);
        long width = map_BDhw.getShape().get(3);
        NDArray x_BND = TokenOps.prepend(Ops.tokens(map_BDhw), array(classToken));
        x_BND = pass.stage("patch_embed", x_BND.add(places(x, height, width)));
        for (int i = 0; i < blocks.size(); i++) {
            x_BND = pass.stage("blocks." + i, blocks.get(i).forward(x_BND, pass));
        }
        x_BND = norm.forward(x_BND, pass);
        TokenPyramid.tap(TokenOps.withoutFirst(x_BND), height, width, config.patch(), pass);
        return pass.stage("norm", Ops.firstToken(x_BND).reshape(x_BND.getShape().get(0), config.width()));
    }

    private NDArray places(NDArray owner, long height, long width) {
        NDArray all = array(places);
        if (height == config.grid() && width == config.grid()) {
            return all;
        }
        return Ops.resizePlaces(owner, TokenOps.only(owner, all), config.grid(), height, width);
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray feature = features(x, pass);
        return head == null ? feature : pass.stage("head", head.forward(feature, pass));
    }

    /**
     * Sizes of a network.
     *
     * @param patch side of a patch in pixels
     * @param resolution side of the pictures for which the place embedding is made; a multiple of the patch
     */
    record Config(int width, int depth, int heads, int patch, int resolution) {
        Config {
            if (resolution < patch || resolution % patch != 0) {
                throw new IllegalArgumentException(
                        "The resolution of a vision transformer must be a multiple of its patches of " + patch
                                + " pixels: " + resolution);
            }
        }

        int grid() {
            return resolution / patch;
        }
    }

    /** x + Attention(LN(x)), then x + Mlp(LN(x)). Children {@code norm1}, {@code attn}, {@code norm2}, {@code mlp}. */
    private static final class TokenBlock extends Layer {
        private final LayerNorm norm1;
        private final Attention attention;
        private final LayerNorm norm2;
        private final Mlp mlp;

        TokenBlock(int width, int heads) {
            norm1 = child("norm1", new LayerNorm(width, EPSILON));
            attention = child("attn", new Attention(width, heads));
            norm2 = child("norm2", new LayerNorm(width, EPSILON));
            mlp = child("mlp", new Mlp(width, 4 * width, Activation.GELU));
        }

        @Override
        public NDArray forward(NDArray x_BND, Pass pass) {
            NDArray h_BND = x_BND.add(attention.forward(norm1.forward(x_BND, pass), pass));
            return h_BND.add(mlp.forward(norm2.forward(h_BND, pass), pass));
        }
    }
}

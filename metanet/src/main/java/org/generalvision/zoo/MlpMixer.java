package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.nn.Activation;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerNorm;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Mlp;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.TokenOps;
import org.jspecify.annotations.Nullable;

/**
 * MLP-Mixer (arXiv 2105.01601) with the parameter names of timm: {@code stem.proj}, {@code blocks.0.mlp_tokens.fc1}, {@code
 * blocks.0.mlp_channels.fc1}, {@code norm}, {@code head}. The feature is the mean of the tokens. It mixes places by learned
 * weights, so it takes pictures of the one size that it was made for. Taps: see {@link TokenPyramid}.
 *
 * <p>Shapes: B batch, N tokens, D width.
 */
final class MlpMixer extends Backbone {
    private final Config config;
    private final Conv2d patches;
    private final List<MixerBlock> blocks;
    private final LayerNorm norm;
    private final @Nullable Linear head;

    /**
     * @param classes number of classes, or 0 for a network that ends with the pooled feature
     */
    MlpMixer(Config config, int classes) {
        this.config = config;
        patches = child("stem.proj", TokenPyramid.patches(config.width(), config.patch()));
        blocks = children(
                "blocks",
                IntStream.range(0, config.depth())
                        .mapToObj(i -> new MixerBlock(config))
                        .toList());
        norm = child("norm", new LayerNorm(config.width(), VisionTransformer.EPSILON));
        head = classes == 0 ? null : child("head", new Linear(config.width(), classes));
    }

    @Override
    public int featureWidth() {
        return config.width();
    }

    @Override
    public NDArray features(NDArray x, Pass pass) {
        long height = x.getShape().get(2);
        long width = x.getShape().get(3);
        if (height != config.resolution() || width != config.resolution()) {
            throw new IllegalArgumentException("This MLP-Mixer takes pictures of %d x %d pixels only: %d x %d"
                    .formatted(config.resolution(), config.resolution(), height, width));
        }
        NDArray x_BND = pass.stage("stem", Ops.tokens(patches.forward(x, pass)));
        for (int i = 0; i < blocks.size(); i++) {
            x_BND = pass.stage("blocks." + i, blocks.get(i).forward(x_BND, pass));
        }
        x_BND = norm.forward(x_BND, pass);
        long grid = config.resolution() / config.patch();
        TokenPyramid.tap(x_BND, grid, grid, config.patch(), pass);
        return pass.stage("norm", TokenOps.mean(x_BND));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray feature = features(x, pass);
        return head == null ? feature : pass.stage("head", head.forward(feature, pass));
    }

    /**
     * Sizes of a network.
     *
     * @param tokensHidden hidden width of the maps between places
     * @param channelsHidden hidden width of the maps between channels
     * @param resolution side of the pictures; a multiple of the patch
     */
    record Config(int width, int depth, int tokensHidden, int channelsHidden, int patch, int resolution) {
        Config {
            if (resolution < patch || resolution % patch != 0) {
                throw new IllegalArgumentException(
                        "The resolution of an MLP-Mixer must be a multiple of its patches of " + patch + " pixels: "
                                + resolution);
            }
        }

        int numTokens() {
            return (resolution / patch) * (resolution / patch);
        }
    }

    /** x + Mlp(LN(x)) between places, then x + Mlp(LN(x)) between channels. */
    private static final class MixerBlock extends Layer {
        private final LayerNorm norm1;
        private final Mlp tokens;
        private final LayerNorm norm2;
        private final Mlp channels;

        MixerBlock(Config config) {
            norm1 = child("norm1", new LayerNorm(config.width(), VisionTransformer.EPSILON));
            tokens = child("mlp_tokens", new Mlp(config.numTokens(), config.tokensHidden(), Activation.GELU));
            norm2 = child("norm2", new LayerNorm(config.width(), VisionTransformer.EPSILON));
            channels = child("mlp_channels", new Mlp(config.width(), config.channelsHidden(), Activation.GELU));
        }

        @Override
        public NDArray forward(NDArray x_BND, Pass pass) {
            NDArray t_BDN = norm1.forward(x_BND, pass).transpose(0, 2, 1);
            NDArray h_BND = x_BND.add(tokens.forward(t_BDN, pass).transpose(0, 2, 1));
            return h_BND.add(channels.forward(norm2.forward(h_BND, pass), pass));
        }
    }
}

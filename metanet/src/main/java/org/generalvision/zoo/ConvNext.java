package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Activation;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.DropPath;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerNorm;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Mlp;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.jspecify.annotations.Nullable;

/**
 * ConvNeXt (arXiv 2201.03545) with the parameter names of timm: {@code stem.0}, {@code stages.1.downsample.0}, {@code
 * stages.0.blocks.0.conv_dw}, {@code head.norm}, {@code head.fc}. Maps are kept as (B, H, W, C) between convolutions, which
 * copies nothing where memory is channels-last. Taps {@code stride4} to {@code stride32}.
 */
final class ConvNext extends Backbone {
    private static final double EPSILON = 1e-6;
    private static final double LAYER_SCALE_START = 1e-6;

    private final Config config;
    private final Conv2d stem;
    private final LayerNorm stemNorm;
    private final List<Stage> stages = new ArrayList<>();
    private final LayerNorm headNorm;
    private final @Nullable Linear head;

    /**
     * @param classes number of classes, or 0 for a network that ends with the pooled, normalized feature
     */
    ConvNext(Config config, int classes) {
        this.config = config;
        int first = config.widths().get(0);
        stem = child("stem.0", TokenPyramid.patches(first, 4));
        stemNorm = child("stem.1", new LayerNorm(first, EPSILON));
        int in = first;
        int number = 0;
        for (int i = 0; i < config.widths().size(); i++) {
            int width = config.widths().get(i);
            stages.add(child("stages." + i, new Stage(in, width, config.dropPaths(number, i))));
            number += config.depths().get(i);
            in = width;
        }
        headNorm = child("head.norm", new LayerNorm(in, EPSILON));
        head = classes == 0 ? null : child("head.fc", new Linear(in, classes));
    }

    @Override
    public int featureWidth() {
        return config.widths().get(config.widths().size() - 1);
    }

    @Override
    public NDArray features(NDArray x, Pass pass) {
        NDArray h_BCHW = pass.stage("stem", normalized(stemNorm, stem.forward(x, pass), pass));
        for (int i = 0; i < stages.size(); i++) {
            h_BCHW = pass.stage("stages." + i, stages.get(i).forward(h_BCHW, pass));
            pass.tap("stride" + (4 << i), h_BCHW);
        }
        return pass.stage("norm", headNorm.forward(Ops.globalAvgPool(h_BCHW), pass));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray feature = features(x, pass);
        return head == null ? feature : pass.stage("head", head.forward(feature, pass));
    }

    /** Layer norm of the channels of a map (B, C, H, W). */
    private static NDArray normalized(LayerNorm norm, NDArray x_BCHW, Pass pass) {
        return norm.forward(x_BCHW.transpose(0, 2, 3, 1), pass).transpose(0, 3, 1, 2);
    }

    /**
     * Sizes of a network.
     *
     * @param dropPath rate of the last block; earlier ones rise to it linearly from 0
     */
    record Config(List<Integer> depths, List<Integer> widths, double dropPath) {
        Config {
            depths = List.copyOf(depths);
            widths = List.copyOf(widths);
        }

        /** Rates of the blocks of a stage whose first block is block {@code number} of the network. */
        List<Double> dropPaths(int number, int stage) {
            int last = depths.stream().mapToInt(Integer::intValue).sum() - 1;
            List<Double> rates = new ArrayList<>();
            for (int i = 0; i < depths.get(stage); i++) {
                rates.add(dropPath * (number + i) / last);
            }
            return rates;
        }
    }

    /** A layer norm and a 2x2 convolution of stride 2 where the width changes, then blocks. */
    private static final class Stage extends Layer {
        private final @Nullable LayerNorm norm;
        private final @Nullable Conv2d downsample;
        private final List<ConvBlock> blocks;

        Stage(int in, int width, List<Double> dropPaths) {
            boolean shrinks = in != width;
            norm = shrinks ? child("downsample.0", new LayerNorm(in, EPSILON)) : null;
            Conv2d.Config halve =
                    Conv2d.Config.of(in, width, 2).withStride(2).withPadding(0).withBias();
            downsample = shrinks ? child("downsample.1", new Conv2d(halve)) : null;
            blocks = children(
                    "blocks",
                    dropPaths.stream().map(rate -> new ConvBlock(width, rate)).toList());
        }

        @Override
        public NDArray forward(NDArray x_BCHW, Pass pass) {
            NDArray h_BCHW = x_BCHW;
            if (norm != null && downsample != null) {
                h_BCHW = downsample.forward(normalized(norm, h_BCHW, pass), pass);
            }
            for (ConvBlock block : blocks) {
                h_BCHW = block.forward(h_BCHW, pass);
            }
            return h_BCHW;
        }
    }

    /** x + gamma * Mlp(LN(DWConv7x7(x))). Children {@code conv_dw}, {@code norm}, {@code mlp}; parameter {@code gamma}. */
    private static final class ConvBlock extends Layer {
        private final Conv2d depthwise;
        private final LayerNorm norm;
        private final Mlp mlp;
        private final Parameter gamma;
        private final DropPath dropPath;

        ConvBlock(int width, double rate) {
            depthwise = child(
                    "conv_dw", new Conv2d(Conv2d.Config.depthwise(width, 7).withBias()));
            norm = child("norm", new LayerNorm(width, EPSILON));
            mlp = child("mlp", new Mlp(width, 4 * width, Activation.GELU));
            gamma = parameter("gamma", new Shape(width), Init.constant(LAYER_SCALE_START));
            dropPath = child("drop_path", new DropPath(rate));
        }

        @Override
        public NDArray forward(NDArray x_BCHW, Pass pass) {
            pass.visit(this);
            NDArray h_BHWC = depthwise.forward(x_BCHW, pass).transpose(0, 2, 3, 1);
            h_BHWC = mlp.forward(norm.forward(h_BHWC, pass), pass).mul(array(gamma));
            return x_BCHW.add(dropPath.forward(h_BHWC.transpose(0, 3, 1, 2), pass));
        }
    }
}

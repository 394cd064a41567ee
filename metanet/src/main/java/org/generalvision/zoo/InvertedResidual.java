package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Activation;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.DropPath;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;
import org.jspecify.annotations.Nullable;

/**
 * The block of MobileNetV2 (arXiv 1801.04381) and EfficientNet (arXiv 1905.11946): a 1x1 convolution that widens, a
 * depth-wise one, squeeze and excitation if wanted, and a 1x1 convolution that narrows and is followed by no activation. The
 * input is added where the shape stays. Names are those of timm: {@code conv_pw}, {@code bn1}, {@code conv_dw}, {@code bn2},
 * {@code se}, {@code conv_pwl}, {@code bn3}; without widening {@code conv_dw}, {@code bn1}, {@code se}, {@code conv_pw},
 * {@code bn2}.
 */
final class InvertedResidual extends Layer {
    private final Config config;
    private final @Nullable Conv2d widen;
    private final @Nullable BatchNorm widenNorm;
    private final Conv2d depthwise;
    private final BatchNorm depthwiseNorm;
    private final @Nullable ChannelGate gate;
    private final Conv2d narrow;
    private final BatchNorm narrowNorm;
    private final DropPath dropPath;

    InvertedResidual(Config config) {
        this.config = config;
        boolean widens = config.expansion() > 1;
        int hidden = config.in() * config.expansion();
        widen = widens ? child("conv_pw", conv(Conv2d.Config.of(config.in(), hidden, 1))) : null;
        widenNorm = widens ? child("bn1", config.norm(hidden)) : null;
        depthwise = child(
                "conv_dw", conv(Conv2d.Config.depthwise(hidden, config.kernel()).withStride(config.stride())));
        depthwiseNorm = child(widens ? "bn2" : "bn1", config.norm(hidden));
        // The squeezed width counts from the block's input, before it is widened.
        gate = config.gated() ? child("se", new ChannelGate(hidden, Math.max(1, config.in() / 4))) : null;
        narrow = child(widens ? "conv_pwl" : "conv_pw", conv(Conv2d.Config.of(hidden, config.out(), 1)));
        narrowNorm = child(widens ? "bn3" : "bn2", config.norm(config.out()));
        dropPath = child("drop_path", new DropPath(config.dropPath()));
    }

    private static Conv2d conv(Conv2d.Config config) {
        return new Conv2d(config, Init.kaimingFanOut());
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray h = x;
        if (widen != null && widenNorm != null) {
            h = config.activation().apply(widenNorm.forward(widen.forward(h, pass), pass));
        }
        h = config.activation().apply(depthwiseNorm.forward(depthwise.forward(h, pass), pass));
        if (gate != null) {
            h = gate.forward(h, pass);
        }
        h = narrowNorm.forward(narrow.forward(h, pass), pass);
        boolean sameShape = config.stride() == 1 && config.in() == config.out();
        return sameShape ? x.add(dropPath.forward(h, pass)) : h;
    }

    /**
     * Sizes of a block.
     *
     * @param expansion factor of widening; 1 leaves that part out
     * @param gated whether there is squeeze and excitation
     * @param epsilon of the norms
     */
    record Config(
            int in,
            int out,
            int expansion,
            int kernel,
            int stride,
            boolean gated,
            Activation activation,
            double epsilon,
            double dropPath) {
        BatchNorm norm(int channels) {
            return new BatchNorm(channels, 1, epsilon);
        }
    }
}

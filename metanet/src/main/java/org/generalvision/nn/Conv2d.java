package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import org.jspecify.annotations.Nullable;

/**
 * Two-dimensional convolution with square kernel and zero padding. Input (B, inChannels, H, W), output (B, outChannels,
 * H', W') with H' = (H + 2 padding - dilation (kernel - 1) - 1) / stride + 1. Parameters {@code weight} (outChannels,
 * inChannels / groups, kernel, kernel) and, if wanted, {@code bias}.
 */
public final class Conv2d extends Layer {
    private final Config config;
    private final Parameter weight;
    private final @Nullable Parameter bias;

    public Conv2d(Config config) {
        this(config, Init.truncatedNormal(0.02));
    }

    public Conv2d(Config config, Initializer initializer) {
        this(config, initializer, Init.zeros());
    }

    /** Weights and bias start uniform with bound 1 / sqrt(fan in), as PyTorch's convolutions do. */
    public static Conv2d withTorchInit(Config config) {
        double fanIn = config.weightShape().slice(1).size();
        Initializer initializer = Init.uniform(1 / Math.sqrt(fanIn));
        return new Conv2d(config, initializer, initializer);
    }

    private Conv2d(Config config, Initializer initializer, Initializer biasInitializer) {
        this.config = config;
        // With channels last in memory here, the engine keeps the whole network's activations in that layout.
        weight = parameter(
                "weight",
                config.weightShape(),
                (manager, shape, type) -> Ops.channelsLast(initializer.initialize(manager, shape, type)));
        bias = config.bias() ? parameter("bias", new Shape(config.outChannels()), biasInitializer) : null;
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        Tally tally = pass.tally();
        if (tally != null) {
            tally.visit(this);
            Shape output = config.outputShape(x.getShape());
            tally.add(output.size() * config.weightShape().slice(1).size(), output);
            return Ops.withoutStorage(x, output);
        }
        return Ops.conv2d(x, array(weight), bias == null ? null : array(bias), config, pass.mixed());
    }

    /** Sizes of a convolution. */
    public record Config(
            int inChannels,
            int outChannels,
            int kernel,
            int stride,
            int padding,
            int dilation,
            int groups,
            boolean bias) {
        public Config {
            if (inChannels <= 0 || outChannels <= 0 || kernel <= 0 || stride <= 0 || dilation <= 0 || groups <= 0) {
                throw new IllegalArgumentException("Sizes of a convolution must be positive");
            }
            if (padding < 0) {
                throw new IllegalArgumentException("padding must not be negative: " + padding);
            }
            if (inChannels % groups != 0 || outChannels % groups != 0) {
                throw new IllegalArgumentException("groups must divide the channels: " + groups + " does not divide "
                        + inChannels + " and " + outChannels);
            }
        }

        /** Stride 1, padding that keeps the size, no bias. */
        public static Config of(int inChannels, int outChannels, int kernel) {
            return new Config(inChannels, outChannels, kernel, 1, kernel / 2, 1, 1, false);
        }

        /** One filter per channel, padding that keeps the size at stride 1, no bias. */
        public static Config depthwise(int channels, int kernel) {
            return new Config(channels, channels, kernel, 1, kernel / 2, 1, channels, false);
        }

        public Config withStride(int stride) {
            return new Config(inChannels, outChannels, kernel, stride, padding, dilation, groups, bias);
        }

        public Config withPadding(int padding) {
            return new Config(inChannels, outChannels, kernel, stride, padding, dilation, groups, bias);
        }

        public Config withDilation(int dilation) {
            return new Config(inChannels, outChannels, kernel, stride, dilation * (kernel / 2), dilation, groups, bias);
        }

        public Config withBias() {
            return new Config(inChannels, outChannels, kernel, stride, padding, dilation, groups, true);
        }

        Shape weightShape() {
            return new Shape(outChannels, inChannels / groups, kernel, kernel);
        }

        Shape outputShape(Shape input) {
            return new Shape(input.get(0), outChannels, outputSize(input.get(2)), outputSize(input.get(3)));
        }

        private long outputSize(long size) {
            return (size + 2L * padding - (long) dilation * (kernel - 1) - 1) / stride + 1;
        }
    }
}

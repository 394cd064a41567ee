package org.generalvision.metanet;

import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;

/**
 * Sizes of one block. Every operator of MetaNet has the same inverted-residual shape, so they share them.
 *
 * @param in input channels
 * @param out output channels
 * @param expansion hidden channels per input channel
 * @param dropPath probability with which a sample's residual branch is dropped in training
 */
record Block(int in, int out, int stride, int expansion, int headWidth, double dropPath) {

    int hidden() {
        return in * expansion;
    }

    /** Whether the result has the input's shape, so that the input itself is the shortcut. */
    boolean sameShape() {
        return stride == 1 && in == out;
    }

    /** Channels between the two maps of squeeze and excitation. */
    int squeezed() {
        return makeDivisible(hidden() / 4, 8);
    }

    /**
     * The nearest multiple of {@code divisor}, at least one of it, and one more if rounding lost over 10 % (MobileNetV2's
     * rule).
     */
    static int makeDivisible(int value, int divisor) {
        int rounded = Math.max(divisor, (value + divisor / 2) / divisor * divisor);
        return rounded < 0.9 * value ? rounded + divisor : rounded;
    }

    /** The convolution that writes into the residual stream; its norm starts at 0, see {@link BatchNorm#zeroStart}. */
    Conv2d projection(int kernel, int stride) {
        return Conv2d.withTorchInit(
                Conv2d.Config.of(hidden(), out, kernel).withStride(stride).withBias());
    }
}

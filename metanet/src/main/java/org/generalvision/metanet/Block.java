package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.function.UnaryOperator;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.TokenOps;
import org.generalvision.nn.TokenOps.Windows;

/**
 * Sizes of one block. Every operator of MetaNet has the same inverted-residual shape, so they share them.
 *
 * @param in input channels
 * @param out output channels
 * @param expansion hidden channels per input channel
 * @param headWidth channels of an attention head
 * @param window side of a window in places, 0 for the whole map
 * @param dropPath probability with which a sample's residual branch is dropped in training
 */
record Block(int in, int out, int stride, int expansion, int headWidth, int window, double dropPath) {
    /** Hidden places per place of the MLP between places, as in MetaNet's code. */
    private static final int PLACE_EXPANSION = 2;

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

    /** Side of a window of the MLP between places in its input; that in its output is {@link #window}. */
    int inputWindow() {
        return window * stride;
    }

    /** Hidden places of the MLP between places. */
    int hiddenPlaces() {
        return PLACE_EXPANSION * inputWindow() * inputWindow();
    }

    /** Side of the windows of attention in a map: no wider than the map, as nothing lies beyond its border. */
    long attentionWindow(long height, long width) {
        return Math.min(window, Math.max(height, width));
    }

    /**
     * Applies a function of tokens (B, N, C) to (B, N, C') inside windows of a map, or to all of them if there are none. Maps
     * that are no whole windows are filled up with zeros.
     */
    NDArray inWindows(NDArray x_BNC, long height, long width, UnaryOperator<NDArray> function) {
        if (window == 0) {
            return function.apply(x_BNC);
        }
        Windows windows = Windows.of(attentionWindow(height, width), 0, height, width);
        Shape s = x_BNC.getShape();
        NDArray x_BHWC = x_BNC.reshape(s.get(0), height, width, s.get(2));
        NDArray y_BHWC = TokenOps.map(function.apply(TokenOps.windows(x_BHWC, windows)), windows);
        return y_BHWC.reshape(s.get(0), s.get(1), -1);
    }
}

package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Stochastic depth (arXiv 1603.09382): in a training pass a sample's residual branch is dropped with probability {@code
 * rate}, and kept branches are divided by 1 - rate so that the mean does not change.
 */
public final class DropPath extends Layer {
    private double rate;

    /**
     * @param rate in [0, 1); 0 does nothing
     */
    public DropPath(double rate) {
        this.rate = checked(rate);
    }

    /**
     * Gives every drop-path layer below a network its rate: growing linearly in the order of construction, from 0 at the first
     * to {@code last} at the last one (arXiv 1603.09382, section 3), whatever the network was made with.
     *
     * @param last in [0, 1); 0 switches drop path off
     * @throws IllegalArgumentException if {@code last} is above 0 and the network has no such layer
     */
    public static void spread(Layer network, double last) {
        checked(last);
        List<DropPath> layers = network.layers().values().stream()
                .filter(DropPath.class::isInstance)
                .map(DropPath.class::cast)
                .toList();
        if (layers.isEmpty() && last > 0) {
            throw new IllegalArgumentException("The network has no branches that drop path could drop, but the rate is "
                    + last + "; set it to 0 or take a network that has (MetaNet, EfficientNet, Swin, ConvNeXt, ViT)");
        }
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).rate = layers.size() == 1 ? last : last * i / (layers.size() - 1);
        }
    }

    private static double checked(double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("The rate of drop path must be in [0, 1): " + rate);
        }
        return rate;
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        return pass.training() && rate > 0 ? Ops.dropPath(x, rate) : x;
    }
}

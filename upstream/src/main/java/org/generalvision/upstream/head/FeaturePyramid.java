package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * Feature pyramid network (arXiv 1612.03144): every map is brought to one width by a 1x1 convolution, the next coarser result is
 * enlarged (nearest neighbor) and added, and a 3x3 convolution smooths the sum. A last map is taken from the coarsest one by
 * keeping every second cell. Parameter names as torchvision: {@code inner_blocks.0.0.weight}, {@code layer_blocks.0.0.weight}.
 */
public final class FeaturePyramid extends MapsLayer {
    private final List<Integer> strides;
    private final int width;
    private final List<ConvUnit> inner;
    private final List<ConvUnit> smooth;

    /**
     * A pyramid that is not yet initialized.
     *
     * @param taps of the backbone
     * @param strides of the maps that it reads, each double the one before
     * @param width channels of all its maps
     */
    public FeaturePyramid(TapWidths taps, List<Integer> strides, int width) {
        requireStrides(strides);
        if (width < 1) {
            throw new IllegalArgumentException("The width of a feature pyramid must be positive: " + width);
        }
        this.strides = List.copyOf(strides);
        this.width = width;
        inner = children(
                "inner_blocks",
                taps.of(strides).stream().map(in -> unit(in, width, 1)).toList());
        smooth = children(
                "layer_blocks",
                strides.stream().map(stride -> unit(width, width, 3)).toList());
    }

    private static void requireStrides(List<Integer> strides) {
        boolean doubling = !strides.isEmpty();
        for (int i = 1; i < strides.size(); i++) {
            doubling &= strides.get(i) == 2 * strides.get(i - 1);
        }
        if (!doubling) {
            throw new IllegalArgumentException(
                    "The strides of a feature pyramid must be at least one, each double the one before: " + strides);
        }
    }

    /** Strides of the maps that it reads; its own maps have these and, last, double the largest. */
    public List<Integer> strides() {
        return strides;
    }

    /** Strides of its maps: one more than it reads. */
    public List<Integer> outputStrides() {
        List<Integer> all = new ArrayList<>(strides);
        all.add(2 * strides.get(strides.size() - 1));
        return List.copyOf(all);
    }

    /** Channels of its maps. */
    public int width() {
        return width;
    }

    /**
     * The maps of the pyramid.
     *
     * @param maps (B, C, H, W) of each stride, the finest first
     * @return (B, width, H, W) of each of {@link #outputStrides}
     */
    public List<NDArray> forward(List<NDArray> maps, Pass pass) {
        if (maps.size() != strides.size()) {
            throw new IllegalArgumentException(
                    "The pyramid reads maps of the strides %s, and got %d".formatted(strides, maps.size()));
        }
        NDArray[] results = new NDArray[maps.size() + 1];
        int last = maps.size() - 1;
        NDArray top = inner.get(last).forward(maps.get(last), pass);
        results[last] = smooth.get(last).forward(top, pass);
        for (int i = last - 1; i >= 0; i--) {
            NDArray lateral = inner.get(i).forward(maps.get(i), pass);
            int height = Math.toIntExact(lateral.getShape().get(2));
            int columns = Math.toIntExact(lateral.getShape().get(3));
            top = lateral.add(Ops.resizeNearest(top, height, columns));
            results[i] = smooth.get(i).forward(top, pass);
        }
        results[last + 1] = Ops.maxPool2d(results[last], 1, 2, 0);
        return List.of(results);
    }

    private static ConvUnit unit(int in, int out, int kernel) {
        return ConvUnit.plain(new Conv2d(Conv2d.Config.of(in, out, kernel).withBias(), HeadInit.linearFanIn()));
    }
}

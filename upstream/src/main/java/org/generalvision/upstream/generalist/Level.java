package org.generalvision.upstream.generalist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Cost;
import org.generalvision.upstream.head.TapWidths;

/**
 * A level of a backbone: the last of its stages whose result is the feature map of a stride. In MetaNet the levels of strides 4,
 * 8, 16 and 32 are the stages 1, 2, 4 and 5, counted from 0.
 *
 * @param stride pixels per cell
 * @param channels of the map
 * @param stage name of the stage in a walk
 * @param channelsLast whether the stage's result is (B, H, W, C) rather than (B, C, H, W)
 */
record Level(int stride, int channels, String stage, boolean channelsLast) {
    /** Not square, so that the order of the axes shows. */
    private static final Shape IMAGE = new Shape(1, 3, 128, 256);

    /**
     * The levels of a backbone.
     *
     * @param backbone makes a new one, as the count of a network spoils it
     * @param strides which
     * @throws IllegalArgumentException if the network has no stage that ends with a map of such a stride
     */
    static List<Level> of(Supplier<Backbone> backbone, List<Integer> strides) {
        List<Cost.Stage> stages = Cost.of(backbone.get(), IMAGE).stages();
        Map<String, Shape> taps = Cost.taps(backbone.get(), IMAGE);
        return strides.stream().map(stride -> of(stride, stages, taps)).toList();
    }

    private static Level of(int stride, List<Cost.Stage> stages, Map<String, Shape> taps) {
        Shape map = taps.get(TapWidths.name(stride));
        for (int i = stages.size() - 1; map != null && i >= 0; i--) {
            Shape result = stages.get(i).output();
            int channels = Math.toIntExact(map.get(1));
            if (result.equals(map)) {
                return new Level(stride, channels, stages.get(i).name(), false);
            }
            if (result.equals(new Shape(map.get(0), map.get(2), map.get(3), map.get(1)))) {
                return new Level(stride, channels, stages.get(i).name(), true);
            }
        }
        throw new IllegalArgumentException(
                "The backbone has no stage that ends with a feature map of stride %d, so nothing can be transferred there; its stages give %s"
                        .formatted(
                                stride,
                                stages.stream()
                                        .map(s -> s.name() + " " + s.output())
                                        .toList()));
    }

    /** The stage's result as (B, C, H, W). */
    NDArray map(NDArray result) {
        return channelsLast ? result.transpose(0, 3, 1, 2) : result;
    }

    /** The way back from {@link #map}. */
    NDArray result(NDArray map) {
        return channelsLast ? map.transpose(0, 2, 3, 1) : map;
    }
}

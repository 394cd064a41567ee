package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.nn.Cost;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;

/**
 * The feature maps that dense heads read of a backbone: channels by stride, found without running it.
 *
 * @param channels of the map of each stride (pixels per cell), sorted by stride
 */
public record TapWidths(SortedMap<Integer, Integer> channels) {
    private static final String PREFIX = "stride";

    public TapWidths {
        channels = Collections.unmodifiableSortedMap(new TreeMap<>(channels));
    }

    /** What walks call the map of a stride. */
    public static String name(int stride) {
        return PREFIX + stride;
    }

    /**
     * The maps of a network.
     *
     * @param network that has not been initialized; it is unusable afterwards
     * @param resolution side of its pictures in pixels
     */
    public static TapWidths of(Layer network, int resolution) {
        SortedMap<Integer, Integer> channels = new TreeMap<>();
        for (Map.Entry<String, Shape> tap :
                Cost.taps(network, new Shape(1, 3, resolution, resolution)).entrySet()) {
            if (tap.getKey().startsWith(PREFIX)) {
                int stride = Integer.parseInt(tap.getKey().substring(PREFIX.length()));
                channels.put(stride, Math.toIntExact(tap.getValue().get(1)));
            }
        }
        return new TapWidths(channels);
    }

    /**
     * Channels of the map of a stride.
     *
     * @throws IllegalArgumentException if the backbone has none of that stride
     */
    public int of(int stride) {
        Integer width = channels.get(stride);
        if (width == null) {
            throw new IllegalArgumentException(
                    "The backbone has no feature map of stride %d, only of %s".formatted(stride, channels.keySet()));
        }
        return width;
    }

    /** Channels of the maps of some strides. */
    public List<Integer> of(List<Integer> strides) {
        return strides.stream().map(this::of).toList();
    }

    /**
     * The maps that a walk has noted.
     *
     * @param pass with taps, after the backbone was applied
     */
    public static List<NDArray> read(Pass pass, List<Integer> strides) {
        List<NDArray> maps = new ArrayList<>();
        for (int stride : strides) {
            NDArray map = pass.taps().get(name(stride));
            if (map == null) {
                throw new IllegalStateException("The walk has noted no map of stride " + stride);
            }
            maps.add(map);
        }
        return maps;
    }
}

package org.generalvision.upstream.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.augment.ImageView;
import org.generalvision.nn.Backbone;
import org.generalvision.upstream.expert.ExpertModel;
import org.generalvision.upstream.head.TapWidths;
import org.generalvision.zoo.ZooCatalog;
import org.jspecify.annotations.Nullable;

/**
 * Channels of what a network makes.
 *
 * @param pooled of the pooled feature
 * @param taps of the backbone's maps
 * @param pyramid of the feature pyramid, or null if there is none
 */
record FeatureWidths(int pooled, TapWidths taps, @Nullable Levels pyramid) {
    private static final String PREFIX = "stride";

    /**
     * A feature pyramid.
     *
     * @param strides of the maps that it reads
     * @param width channels of all its maps
     */
    record Levels(List<Integer> strides, int width) {
        Levels {
            strides = List.copyOf(strides);
        }
    }

    /** Of a student, without making it. */
    static FeatureWidths of(ExpertModel.Config config) {
        Backbone image = ZooCatalog.create(config.image(), 0, config.resolution());
        int pooled = image.featureWidth();
        ExpertModel.Pyramid pyramid = config.pyramid();
        return new FeatureWidths(
                pooled,
                TapWidths.of(image, config.resolution()),
                pyramid == null ? null : new Levels(pyramid.strides(), pyramid.width()));
    }

    /**
     * Of a teacher, by a walk over an empty image.
     *
     * @param manager parent of the walk's own
     */
    static FeatureWidths of(Teacher teacher, NDManager manager) {
        try (NDManager scratch = manager.newSubManager()) {
            ImageView view = teacher.known().view();
            NDArray image = scratch.zeros(
                    new Shape(1, 3, view.crop().height(), view.crop().width()));
            return teacher.watched(image, features -> {
                SortedMap<Integer, Integer> channels = new TreeMap<>();
                features.pass().taps().forEach((name, map) -> {
                    if (name.matches(PREFIX + "[0-9]+")) {
                        channels.put(Integer.parseInt(name.substring(PREFIX.length())), width(map));
                    }
                });
                Levels levels = features.pyramid() == null
                        ? null
                        : new Levels(
                                features.pyramid().strides(), features.pyramid().width());
                return new FeatureWidths(width(features.pooled()), new TapWidths(channels), levels);
            });
        }
    }

    private static int width(NDArray x) {
        return Math.toIntExact(x.getShape().get(1));
    }

    /**
     * Channels at a place.
     *
     * @throws IllegalArgumentException if the network has no such map
     */
    int of(Place place) {
        return place.isPooled() ? pooled : taps.of(place.stride());
    }
}

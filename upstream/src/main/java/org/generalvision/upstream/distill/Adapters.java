package org.generalvision.upstream.distill;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.upstream.head.MapsLayer;
import org.jspecify.annotations.Nullable;

/**
 * What brings a student's features to the width of its teacher's, for one data set: a 1x1 convolution with bias for each map and a
 * linear map for the pooled feature, named as the place, and one 1x1 convolution {@code pyramid} that all maps of a pyramid share, as
 * heads share theirs.
 */
final class Adapters extends MapsLayer {
    private static final String PYRAMID = "pyramid";

    private final Map<Place, Layer> places = new LinkedHashMap<>();
    private final @Nullable Layer pyramid;

    /**
     * Adapters that are not yet initialized.
     *
     * @param withPyramid whether the maps of the pyramid are imitated
     * @throws IllegalArgumentException if a network lacks a place, or the pyramids have other strides
     */
    Adapters(List<Place> wanted, boolean withPyramid, FeatureWidths student, FeatureWidths teacher) {
        for (Place place : wanted) {
            int in = student.of(place);
            int out = teacher.of(place);
            places.put(place, child(place.toString(), place.isPooled() ? new Linear(in, out) : unit(in, out)));
        }
        pyramid = withPyramid ? child(PYRAMID, pyramidUnit(student.pyramid(), teacher.pyramid())) : null;
    }

    private static Layer pyramidUnit(FeatureWidths.@Nullable Levels student, FeatureWidths.@Nullable Levels teacher) {
        if (student == null || teacher == null || !student.strides().equals(teacher.strides())) {
            throw new IllegalArgumentException(
                    ("The maps of a pyramid can be imitated only by one of the same strides: the teacher has %s, the student"
                                    + " %s; change model.pyramid, or set distillation.pyramid.weight to 0")
                            .formatted(words(teacher), words(student)));
        }
        return unit(student.width(), teacher.width());
    }

    private static String words(FeatureWidths.@Nullable Levels levels) {
        return levels == null ? "none" : "strides " + levels.strides();
    }

    private static Layer unit(int in, int out) {
        return Conv2d.withTorchInit(Conv2d.Config.of(in, out, 1).withBias());
    }

    /**
     * A student's feature as its teacher would have it.
     *
     * @param like the teacher's, whose grid is taken if it is another
     */
    NDArray adapted(Place place, NDArray feature, NDArray like, Pass pass) {
        Layer adapter = places.get(place);
        if (adapter == null) {
            throw new IllegalStateException("There is no adapter for " + place);
        }
        return onGrid(adapter.forward(feature, pass), like);
    }

    /** A map of the student's pyramid as its teacher would have it. */
    NDArray adaptedLevel(NDArray map, NDArray like, Pass pass) {
        if (pyramid == null) {
            throw new IllegalStateException("There is no adapter for the pyramid");
        }
        return onGrid(pyramid.forward(map, pass), like);
    }

    /** Networks that round sizes in other ways have maps of the same stride with other grids. */
    static NDArray onGrid(NDArray map, NDArray like) {
        if (map.getShape().dimension() != 4
                || (map.getShape().get(2) == like.getShape().get(2)
                        && map.getShape().get(3) == like.getShape().get(3))) {
            return map;
        }
        return Ops.resizeBilinear(
                Ops.widened(map),
                Math.toIntExact(like.getShape().get(2)),
                Math.toIntExact(like.getShape().get(3)));
    }
}

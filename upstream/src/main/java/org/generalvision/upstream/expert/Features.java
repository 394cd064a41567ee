package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.generalvision.nn.Pass;
import org.generalvision.upstream.head.FeaturePyramid;
import org.generalvision.upstream.head.TapWidths;
import org.jspecify.annotations.Nullable;

/**
 * What the shared part of an expert makes of the images of a batch.
 *
 * @param pooled (B, featureWidth)
 * @param pass the walk, with the backbone's maps noted
 * @param pyramid over those maps, or null if no head wants one
 */
public record Features(NDArray pooled, Pass pass, @Nullable FeaturePyramid pyramid) {
    /** Maps of the backbone. */
    List<NDArray> maps(List<Integer> strides) {
        return TapWidths.read(pass, strides);
    }

    /** Maps of the pyramid. */
    List<NDArray> pyramidMaps() {
        if (pyramid == null) {
            throw new IllegalStateException("The expert has no pyramid");
        }
        return pyramid.forward(maps(pyramid.strides()), pass);
    }
}

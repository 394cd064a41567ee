package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.generalvision.nn.Pass;
import org.generalvision.upstream.head.FeaturePyramid;
import org.generalvision.upstream.head.TapWidths;
import org.jspecify.annotations.Nullable;

/** What the shared part of an expert makes of the images of a batch. */
public final class Features {
    private final NDArray pooled;
    private final Pass pass;
    private final @Nullable FeaturePyramid pyramid;
    private @Nullable List<NDArray> pyramidMaps;

    /**
     * Features of a batch.
     *
     * @param pooled (B, featureWidth)
     * @param pass the walk, with the backbone's maps noted
     * @param pyramid over those maps, or null if no head wants one
     */
    public Features(NDArray pooled, Pass pass, @Nullable FeaturePyramid pyramid) {
        this.pooled = pooled;
        this.pass = pass;
        this.pyramid = pyramid;
    }

    /** The backbone's pooled feature, (B, featureWidth). */
    public NDArray pooled() {
        return pooled;
    }

    /** The walk. */
    public Pass pass() {
        return pass;
    }

    /** What makes {@link #pyramidMaps}, or null. */
    public @Nullable FeaturePyramid pyramid() {
        return pyramid;
    }

    /** Maps of the backbone. */
    public List<NDArray> maps(List<Integer> strides) {
        return TapWidths.read(pass, strides);
    }

    /** Maps of the pyramid; made once, when they are asked for. */
    public List<NDArray> pyramidMaps() {
        if (pyramid == null) {
            throw new IllegalStateException("The expert has no pyramid");
        }
        if (pyramidMaps == null) {
            pyramidMaps = pyramid.forward(maps(pyramid.strides()), pass);
        }
        return pyramidMaps;
    }
}

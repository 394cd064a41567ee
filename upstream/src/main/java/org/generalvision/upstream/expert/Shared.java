package org.generalvision.upstream.expert;

import org.generalvision.upstream.head.FeaturePyramid;
import org.generalvision.upstream.head.TapWidths;
import org.jspecify.annotations.Nullable;

/**
 * What the heads of an expert build on.
 *
 * @param featureWidth of the backbone's pooled feature
 * @param taps of the backbone
 * @param pyramid over the taps, or null
 * @param seed of the run
 */
public record Shared(
        int featureWidth, TapWidths taps, @Nullable FeaturePyramid pyramid, long seed) {
    FeaturePyramid requirePyramid() {
        if (pyramid == null) {
            throw new IllegalArgumentException("Detection needs a feature pyramid: the recipe must have model.pyramid");
        }
        return pyramid;
    }
}

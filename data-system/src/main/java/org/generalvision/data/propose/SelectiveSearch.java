package org.generalvision.data.propose;

import org.generalvision.data.augment.Range;

/**
 * Selective search (Uijlings, van de Sande, Gevers, Smeulders: Selective search for object recognition, IJCV 2013) in its fast
 * form, and which of its boxes are proposals: those of a moderate shape and size (SoCo, arXiv 2106.02637, section 3.1).
 *
 * @param longestSide pixels to which the longer side of an image is shrunk before the search
 * @param baseScale of the finest graph segmentation (Felzenszwalb, Huttenlocher, IJCV 2004): larger values make larger
 *     segments; OpenCV's fast form has 150
 * @param scaleStep from one graph segmentation to the next coarser one; 150
 * @param smoothing deviation in pixels of the blur before a graph segmentation; 0.8
 * @param ratio width / height of a proposal; 1/3 to 3 in SoCo
 * @param size root of a proposal's share of the image's area, within [0, 1]; 0.3 to 0.8 in SoCo
 */
public record SelectiveSearch(
        int longestSide, int baseScale, int scaleStep, double smoothing, Range ratio, Range size) {
    private static final int SHORTEST = 16;

    public SelectiveSearch {
        if (longestSide < SHORTEST) {
            throw new IllegalArgumentException("longestSide must be at least %d: %d".formatted(SHORTEST, longestSide));
        }
        if (baseScale < 1 || scaleStep < 1) {
            throw new IllegalArgumentException(
                    "baseScale and scaleStep must be positive: %d and %d".formatted(baseScale, scaleStep));
        }
        if (!(smoothing >= 0 && smoothing <= longestSide)) {
            throw new IllegalArgumentException(
                    "smoothing must lie in [0, longestSide = %d]: %s".formatted(longestSide, smoothing));
        }
        if (!(ratio.low() > 0)) {
            throw new IllegalArgumentException("ratio must be positive: " + ratio);
        }
        if (!(size.low() > 0) || size.high() > 1) {
            throw new IllegalArgumentException("size must lie within (0, 1]: " + size);
        }
    }

    /** Whether a box of these sides is a proposal in an image of that area. */
    boolean holds(double width, double height, double imageArea) {
        double shape = width / height;
        double share = Math.sqrt(width * height / imageArea);
        return shape >= ratio.low() && shape <= ratio.high() && share >= size.low() && share <= size.high();
    }
}

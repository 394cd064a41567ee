package org.generalvision.nn;

import ai.djl.ndarray.NDArray;

/**
 * An image network with a pooled feature and, if it was built with classes, a classifier on it.
 *
 * <p>Input (B, 3, H, W), float32. A walk with taps names the feature maps {@code stride4}, {@code stride8}, {@code
 * stride16} and {@code stride32}, which dense heads read.
 */
public abstract class Backbone extends Layer {
    /** Width of the pooled feature. */
    public abstract int featureWidth();

    /** Whether the feature is already an embedding in the space of texts, as that of CLIP's image networks. */
    public boolean endsWithEmbedding() {
        return false;
    }

    /** The pooled feature before the classifier, (B, featureWidth). */
    public abstract NDArray features(NDArray x, Pass pass);

    /** Class scores (B, classes), or the pooled feature if the network was built with no classes. */
    @Override
    public abstract NDArray forward(NDArray x, Pass pass);
}

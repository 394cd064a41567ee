package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;

/** A network with a head for each of several data sets: an expert, a generalist, or a student of one. */
public interface HeadedNetwork {
    /** Everything that is trained; the paths of its parameters are those of the checkpoint. */
    Layer layer();

    /**
     * The head of a data set.
     *
     * @throws IllegalArgumentException if there is none
     */
    TaskHead<?> head(String dataSet);

    /**
     * What the head of a data set reads of images.
     *
     * @param images (B, 3, H, W)
     */
    Features features(String dataSet, NDArray images, Pass pass);
}

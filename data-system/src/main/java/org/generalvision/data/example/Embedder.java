package org.generalvision.data.example;

import java.util.List;

/**
 * Places images and texts in one space, where the dot product of two vectors says how alike their content is. Models come
 * later in the chain of modules: whoever joins them implements this over a checkpoint. For use by one thread at a time.
 */
public interface Embedder extends AutoCloseable {
    /** What made the vectors, for records of provenance: it changes whenever they would, such as a checkpoint's hash. */
    String name();

    /** Length of each vector. */
    int width();

    /**
     * Embeds images.
     *
     * @return one vector of {@link #width} numbers and Euclidean length 1 for each example, in their order; NaN throughout for
     *     an image that cannot be read
     */
    float[][] images(List<Example> examples);

    /**
     * Embeds texts.
     *
     * @return one vector of {@link #width} numbers and Euclidean length 1 for each text, in their order
     */
    float[][] texts(List<String> texts);

    @Override
    void close();
}

package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** What a head says of the images of a batch, before it decides: what two heads of the same task can be compared by. */
public sealed interface Answers {
    /**
     * Classes of images or of cells.
     *
     * @param logits (B, classes), or (B, classes, H, W) at the resolution of the map that the head reads
     */
    record Classes(NDArray logits) implements Answers {}

    /**
     * Concepts of images, each present or not.
     *
     * @param logits (B, concepts)
     */
    record Concepts(NDArray logits) implements Answers {}

    /**
     * Depths of pixels.
     *
     * @param logs natural logarithms of metres, (B, height, width)
     */
    record Depths(NDArray logs) implements Answers {}

    /**
     * The maps in which objects are looked for.
     *
     * @param maps (B, width, H, W) of each stride of the pyramid, the finest first
     */
    record Maps(List<NDArray> maps) implements Answers {
        public Maps {
            maps = List.copyOf(maps);
        }
    }
}

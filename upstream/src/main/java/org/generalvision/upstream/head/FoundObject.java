package org.generalvision.upstream.head;

import org.generalvision.data.example.Mask.RunLengths;
import org.generalvision.metric.Detection;
import org.generalvision.metric.Region;
import org.jspecify.annotations.Nullable;

/**
 * An object that a detector claims to see.
 *
 * @param box in pixels of the image as it was in the batch, with an area
 * @param label class, from 0
 * @param score its probability, in [0, 1]
 * @param mask of the whole image, or null if the detector makes none
 */
public record FoundObject(
        Region.Box box, int label, double score, @Nullable RunLengths mask) {
    /** The claim about the box alone. */
    public Detection boxDetection() {
        return new Detection(label, score, box);
    }

    /**
     * The claim about the mask.
     *
     * @throws IllegalStateException if there is none
     */
    public Detection maskDetection() {
        if (mask == null) {
            throw new IllegalStateException("The detector makes no masks");
        }
        return new Detection(label, score, new Region.Pixels(mask));
    }

    FoundObject withMask(RunLengths pixels) {
        return new FoundObject(box, label, score, pixels);
    }
}

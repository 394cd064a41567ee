package org.generalvision.upstream.head;

import org.generalvision.data.example.Mask.RunLengths;
import org.generalvision.data.load.DenseSamples;
import org.generalvision.metric.Region;
import org.jspecify.annotations.Nullable;

/**
 * An object that is in an image, as training sees it.
 *
 * @param box in pixels of the image as it is in the batch, with an area
 * @param label class, from 0; {@link DenseSamples#UNNAMED} for a crowd of none of the classes
 * @param crowd whether it is a group: what lies in it is neither right nor wrong
 * @param mask of the whole image as it is in the batch, or null
 */
public record TrueInstance(
        Region.Box box, int label, boolean crowd, @Nullable RunLengths mask) {
    public TrueInstance {
        if (!(box.area() > 0)) {
            throw new IllegalArgumentException("The box of an object must have an area: " + box);
        }
        if (label < 0 && !(crowd && label == DenseSamples.UNNAMED)) {
            throw new IllegalArgumentException("The label of an object must not be negative: " + label);
        }
    }

    /** An object without mask. */
    public static TrueInstance of(double x1, double y1, double x2, double y2, int label) {
        return new TrueInstance(new Region.Box(x1, y1, x2, y2), label, false, null);
    }

    /** A crowd of a class, or of {@link DenseSamples#UNNAMED}. */
    public static TrueInstance crowd(double x1, double y1, double x2, double y2, int label) {
        return new TrueInstance(new Region.Box(x1, y1, x2, y2), label, true, null);
    }

    /** Whether it is of one of the classes. */
    public boolean isNamed() {
        return label != DenseSamples.UNNAMED;
    }

    RunLengths requireMask() {
        if (mask == null) {
            throw new IllegalStateException("The object has no mask");
        }
        return mask;
    }
}

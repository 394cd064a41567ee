package org.generalvision.metric;

/**
 * An object that is there.
 *
 * @param label class, from 0
 * @param area in square pixels, by which it counts as small, medium or large; COCO takes that of the mask for boxes too
 * @param crowd whether it is a group: detections within it are neither right nor wrong
 */
public record TrueObject(int label, Region region, double area, boolean crowd) {
    public TrueObject {
        if (label < 0) {
            throw new IllegalArgumentException("The label of an object must not be negative: " + label);
        }
        if (!(area >= 0)) {
            throw new IllegalArgumentException("The area of an object must not be negative: " + area);
        }
    }

    /** A single object with the area of its region. */
    public static TrueObject of(int label, Region region) {
        return new TrueObject(label, region, region.area(), false);
    }
}

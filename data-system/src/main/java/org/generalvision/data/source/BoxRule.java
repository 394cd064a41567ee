package org.generalvision.data.source;

import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Fault;

/** What a box must be to be kept. */
final class BoxRule {
    /** Boxes may stick out by this many pixels, which is rounding; they are cut to the image. */
    private static final double TOLERANCE = 1;

    private final int width;
    private final int height;

    /** The rule for images of a size. */
    BoxRule(EncodedImage image) {
        width = image.width();
        height = image.height();
    }

    /**
     * A box within the image.
     *
     * @throws IllegalArgumentException if a number is not finite, the box has no area, or it sticks out
     */
    Box box(double x1, double y1, double x2, double y2, String label, boolean crowd) {
        String numbers = "(%s, %s, %s, %s)".formatted(x1, y1, x2, y2);
        if (!Double.isFinite(x1) || !Double.isFinite(y1) || !Double.isFinite(x2) || !Double.isFinite(y2)) {
            throw new FaultyItemException(Fault.BOX_NOT_FINITE, "box with a number that is not finite: " + numbers);
        }
        if (!(x2 > x1 && y2 > y1)) {
            throw new FaultyItemException(Fault.BOX_WITHOUT_AREA, "box without area: " + numbers);
        }
        if (x1 < -TOLERANCE || y1 < -TOLERANCE || x2 > width + TOLERANCE || y2 > height + TOLERANCE) {
            throw new FaultyItemException(
                    Fault.BOX_OUTSIDE,
                    "box outside of its image of %d x %d pixels (width x height): %s"
                            .formatted(width, height, numbers));
        }
        double left = Math.max(0, x1);
        double top = Math.max(0, y1);
        double right = Math.min(width, x2);
        double bottom = Math.min(height, y2);
        if (!(right > left && bottom > top)) {
            throw new FaultyItemException(Fault.BOX_OUTSIDE, "box without area in its image: " + numbers);
        }
        return new Box(left, top, right, bottom, label, crowd);
    }
}

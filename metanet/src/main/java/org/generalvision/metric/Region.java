package org.generalvision.metric;

import org.generalvision.data.example.Mask;
import org.generalvision.data.example.MaskCodec;

/** Where an object is: a rectangle or a set of pixels. */
public sealed interface Region {
    /** In square pixels, at least 0. */
    double area();

    /**
     * Intersection over union with a true region; over this region's own area alone if the truth is a crowd, because then it is
     * enough to lie within it. 0 where nothing is covered.
     *
     * @throws IllegalArgumentException if one is a box and the other a mask, or the masks are of different sizes
     */
    double overlap(Region truth, boolean crowd);

    /** A rectangle in pixels, right and bottom exclusive; it may be empty, as detectors draw such. */
    record Box(double x1, double y1, double x2, double y2) implements Region {
        public Box {
            boolean finite = Double.isFinite(x1 + y1) && Double.isFinite(x2 + y2);
            if (!finite || x2 < x1 || y2 < y1) {
                throw new IllegalArgumentException(
                        "A box must have finite x1 <= x2 and y1 <= y2: (%s, %s, %s, %s)".formatted(x1, y1, x2, y2));
            }
        }

        @Override
        public double area() {
            return (x2 - x1) * (y2 - y1);
        }

        @Override
        public double overlap(Region truth, boolean crowd) {
            if (!(truth instanceof Box other)) {
                throw new IllegalArgumentException(
                        "A box cannot be compared with a mask: detections and truths are of one kind");
            }
            double width = Math.min(x2, other.x2) - Math.max(x1, other.x1);
            double height = Math.min(y2, other.y2) - Math.max(y1, other.y1);
            if (width <= 0 || height <= 0) {
                return 0;
            }
            double common = width * height;
            return common / (crowd ? area() : area() + other.area() - common);
        }
    }

    /** The pixels of a mask of the whole image. */
    record Pixels(Mask.RunLengths mask) implements Region {
        @Override
        public double area() {
            return mask.area();
        }

        @Override
        public double overlap(Region truth, boolean crowd) {
            if (!(truth instanceof Pixels other)) {
                throw new IllegalArgumentException(
                        "A mask cannot be compared with a box: detections and truths are of one kind");
            }
            return MaskCodec.overlap(mask, other.mask, crowd);
        }
    }
}

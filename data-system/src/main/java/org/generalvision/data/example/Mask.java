package org.generalvision.data.example;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A labelled binary mask of a whole image, {@link #height} x {@link #width} pixels: run lengths or polygons, as COCO has
 * them. Both give run lengths, whose order of pixels is column by column.
 */
public sealed interface Mask {
    /** The largest side and the most pixels of an image that can be decoded (OpenCV's limits). */
    int MAX_SIDE = 1 << 20;

    int MAX_PIXELS = 1 << 30;

    int height();

    int width();

    String label();

    /** Index into {@link Example#boxes} of the instance that this mask outlines, or null for a semantic region. */
    @Nullable
    Integer box();

    /** The same mask as run lengths. */
    RunLengths runLengths();

    /** Number of pixels that the mask covers. */
    default long area() {
        return runLengths().area();
    }

    /**
     * COCO's uncompressed run lengths.
     *
     * @param runs counts of zeros and ones in turn, column by column, from zeros; they sum to height * width
     */
    record RunLengths(
            int height,
            int width,
            ImmutableIntArray runs,
            String label,
            @Nullable Integer box) implements Mask {
        public RunLengths {
            requireSize(height, width);
            long covered = runs.stream().asLongStream().sum();
            if (covered != (long) height * width || runs.stream().anyMatch(n -> n < 0)) {
                throw new IllegalArgumentException(
                        "Run lengths of a mask cover " + covered + " of " + height + " x " + width + " pixels");
            }
            requireIndex(box);
        }

        /**
         * The mask of a set of pixels.
         *
         * @param pixels pixel (y, x) is bit x * height + y
         */
        public static RunLengths of(int height, int width, BitSet pixels, String label, @Nullable Integer box) {
            requireSize(height, width);
            int end = height * width;
            if (pixels.length() > end) {
                throw new IllegalArgumentException("A mask of %d x %d pixels cannot have pixel number %d"
                        .formatted(height, width, pixels.length() - 1));
            }
            ImmutableIntArray.Builder runs = ImmutableIntArray.builder();
            for (int at = 0; at < end; ) {
                int one = pixels.nextSetBit(at);
                int start = one < 0 ? end : one;
                runs.add(start - at);
                at = start;
                if (start < end) {
                    at = pixels.nextClearBit(start);
                    runs.add(at - start);
                }
            }
            return new RunLengths(height, width, runs.build(), label, box);
        }

        /** The pixels that the mask covers: bit x * height + y is pixel (y, x). */
        public BitSet pixels() {
            BitSet pixels = new BitSet(height * width);
            int at = 0;
            for (int i = 0; i < runs.length(); i++) {
                int end = at + runs.get(i);
                pixels.set(at, end, i % 2 == 1);
                at = end;
            }
            return pixels;
        }

        @Override
        public RunLengths runLengths() {
            return this;
        }

        @Override
        public long area() {
            long area = 0;
            for (int i = 1; i < runs.length(); i += 2) {
                area += runs.get(i);
            }
            return area;
        }
    }

    /**
     * The union of polygons, such as the visible parts of one object.
     *
     * @param polygons each x, y, x, y and so on, in pixels, (0, 0) being the corner of the first pixel; closed by itself, at
     *     least three points, none further outside of the image than the image is wide or high
     */
    record Polygons(
            int height,
            int width,
            List<ImmutableDoubleArray> polygons,
            String label,
            @Nullable Integer box) implements Mask {
        public Polygons {
            requireSize(height, width);
            polygons = List.copyOf(polygons);
            if (polygons.isEmpty()) {
                throw new IllegalArgumentException("A mask of polygons must have at least one");
            }
            polygons.forEach(polygon -> requirePoints(polygon, height, width));
            requireIndex(box);
        }

        /** The mask that COCO's own tools draw of the polygons. */
        @Override
        public RunLengths runLengths() {
            BitSet pixels = new BitSet(height * width);
            polygons.forEach(polygon -> PolygonRaster.fill(polygon, height, width, pixels));
            return RunLengths.of(height, width, pixels, label, box);
        }

        private static void requirePoints(ImmutableDoubleArray polygon, int height, int width) {
            if (polygon.length() < 6 || polygon.length() % 2 != 0) {
                throw new IllegalArgumentException(
                        "A polygon must have x and y of at least three points, not " + polygon.length() + " numbers");
            }
            for (int i = 0; i < polygon.length(); i++) {
                int size = i % 2 == 0 ? width : height;
                if (!(polygon.get(i) >= -size && polygon.get(i) <= 2.0 * size)) {
                    throw new IllegalArgumentException(
                            "%s of a polygon is %s, far outside of an image of %d x %d pixels"
                                    .formatted(i % 2 == 0 ? "x" : "y", polygon.get(i), height, width));
                }
            }
        }
    }

    private static void requireSize(int height, int width) {
        boolean sides = height >= 1 && width >= 1 && height <= MAX_SIDE && width <= MAX_SIDE;
        if (!sides || (long) height * width > MAX_PIXELS) {
            throw new IllegalArgumentException("A mask must have sides of 1 to %d and at most %d pixels: %d x %d"
                    .formatted(MAX_SIDE, MAX_PIXELS, height, width));
        }
    }

    private static void requireIndex(@Nullable Integer box) {
        if (box != null && box < 0) {
            throw new IllegalArgumentException("A mask's box is an index, from 0, or null: " + box);
        }
    }
}

package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * RoIAlign (arXiv 1703.06870, section 3) with half-pixel shift, as torchvision's {@code roi_align(aligned=True)}: a region is
 * cut into height x width bins, each bin into a grid of samples, each sample is read bilinearly between the centers of cells,
 * and a bin is the mean of its samples. Samples more than one cell outside of the map are 0; nearer ones read its border.
 *
 * <p>A bin is a weighted sum of cells. Since bilinear weights are products of one for the row and one for the column, and
 * neighboring samples share cells, the sum has a fraction of the terms that samples times four corners would have; the engine
 * adds up whole rows of channels (its embedding bag), and its gradient is the transposed sum.
 *
 * @param height bins of a region from top to bottom
 * @param width bins from left to right
 * @param samples in each direction of a bin; 0 for as many as the bin has cells, rounded up, none for an empty region
 */
public record RoiAlign(int height, int width, int samples) {
    /** Of direct buffers: for other alignments the engine may choose other kernels, with other rounding. */
    private static final int ALIGNMENT = 64;

    /** The largest coordinate that is believed, in cells: far beyond any map, and its samples can still be counted. */
    private static final double FARTHEST = 1 << 16;

    public RoiAlign {
        if (height < 1 || width < 1 || samples < 0) {
            throw new IllegalArgumentException(
                    "RoIAlign needs at least one bin in each direction and no negative number of samples: %d x %d, %d"
                            .formatted(height, width, samples));
        }
    }

    /**
     * Reads regions from feature maps.
     *
     * @param features (B, C, H, W); nothing is copied if it is laid out channels-last
     * @param images for each region the number of its image, in [0, B)
     * @param boxes x1, y1, x2, y2 of each region in pixels of the image, one after another
     * @param scale cells per pixel, such as 1/16
     * @return (regions, C, height, width), laid out channels-last
     */
    public NDArray forward(NDArray features, int[] images, double[] boxes, double scale) {
        if (boxes.length != 4L * images.length || images.length == 0) {
            throw new IllegalArgumentException(
                    "RoIAlign needs at least one region, and four numbers for each: %d and %d"
                            .formatted(images.length, boxes.length));
        }
        Shape shape = features.getShape();
        boolean wide = features.getDataType() == DataType.FLOAT64;
        Terms terms = new Terms((int) shape.get(2), (int) shape.get(3), wide);
        for (int i = 0; i < images.length; i++) {
            if (images[i] < 0 || images[i] >= shape.get(0)) {
                throw new IllegalArgumentException(
                        "Region %d is of image %d, but there are %d".formatted(i, images[i], shape.get(0)));
            }
            requireBox(boxes, 4 * i, scale);
            region(terms, images[i], boxes, 4 * i, scale);
        }
        NDManager manager = features.getManager();
        return Ops.library()
                .tensor(
                        features,
                        "sum_rows",
                        features,
                        terms.rows(manager),
                        manager.create(starts(terms, images.length)),
                        terms.weights(manager),
                        height,
                        width);
    }

    private long[] starts(Terms terms, int regions) {
        long[] starts = new long[regions * height * width];
        System.arraycopy(terms.starts, 0, starts, 0, starts.length);
        return starts;
    }

    private static void requireBox(double[] boxes, int at, double scale) {
        for (int i = at; i < at + 4; i++) {
            if (!(Math.abs(boxes[i] * scale) <= FARTHEST)) {
                throw new IllegalArgumentException(
                        "Region %d reaches to %s pixels, beyond any map".formatted(at / 4, boxes[i]));
            }
        }
        if (boxes[at + 2] < boxes[at] || boxes[at + 3] < boxes[at + 1]) {
            throw new IllegalArgumentException("Region %d must have x1 <= x2 and y1 <= y2: (%s, %s, %s, %s)"
                    .formatted(at / 4, boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]));
        }
    }

    private void region(Terms terms, int image, double[] boxes, int at, double scale) {
        // Pixel coordinates count from the corner of the first cell, samples from its center.
        Axis rows = Axis.of(boxes[at + 1] * scale - 0.5, boxes[at + 3] * scale - 0.5, height, samples, terms.mapHeight);
        Axis columns = Axis.of(boxes[at] * scale - 0.5, boxes[at + 2] * scale - 0.5, width, samples, terms.mapWidth);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                terms.begin();
                for (int r = rows.starts[y]; r < rows.starts[y + 1]; r++) {
                    long row = ((long) image * terms.mapHeight + rows.cells[r]) * terms.mapWidth;
                    for (int c = columns.starts[x]; c < columns.starts[x + 1]; c++) {
                        terms.add(row + columns.cells[c], rows.weights[r] * columns.weights[c]);
                    }
                }
            }
        }
    }

    /** The cells of one axis that each bin reads, and how much. */
    private static final class Axis {
        private final int[] starts;
        private final int[] cells;
        private final double[] weights;

        private Axis(int[] starts, int[] cells, double[] weights) {
            this.starts = starts;
            this.cells = cells;
            this.weights = weights;
        }

        static Axis of(double from, double to, int bins, int samples, int size) {
            double length = (to - from) / bins;
            int perBin = samples > 0 ? samples : (int) Math.ceil(length);
            int[] starts = new int[bins + 1];
            int[] cells = new int[2 * bins * perBin];
            double[] weights = new double[cells.length];
            int count = 0;
            for (int bin = 0; bin < bins; bin++) {
                int begin = count;
                for (int i = 0; i < perBin; i++) {
                    double place = from + bin * length + (i + 0.5) * length / perBin;
                    if (place < -1 || place > size) {
                        continue;
                    }
                    double inside = Math.min(Math.max(place, 0), size - 1);
                    int low = (int) inside;
                    double high = inside - low;
                    count = add(cells, weights, begin, count, low, (1 - high) / perBin);
                    if (high > 0) {
                        count = add(cells, weights, begin, count, low + 1, high / perBin);
                    }
                }
                starts[bin + 1] = count;
            }
            return new Axis(starts, cells, weights);
        }

        /** Adds a weight to a cell; samples come in order, so a cell that the bin reads already is one of the last two. */
        private static int add(int[] cells, double[] weights, int begin, int count, int cell, double weight) {
            for (int i = count - 1; i >= Math.max(begin, count - 2); i--) {
                if (cells[i] == cell) {
                    weights[i] += weight;
                    return count;
                }
            }
            cells[count] = cell;
            weights[count] = weight;
            return count + 1;
        }
    }

    /** The terms of all sums, in direct memory that grows. */
    private static final class Terms {
        private final int mapHeight;
        private final int mapWidth;
        private final boolean wide;
        private long[] starts = new long[1024];
        private int numBins;
        private long[] rows = new long[1 << 14];
        private double[] weights = new double[1 << 14];
        private int count;

        Terms(int mapHeight, int mapWidth, boolean wide) {
            this.mapHeight = mapHeight;
            this.mapWidth = mapWidth;
            this.wide = wide;
        }

        void begin() {
            if (numBins == starts.length) {
                starts = Arrays.copyOf(starts, 2 * numBins);
            }
            starts[numBins++] = count;
        }

        void add(long row, double weight) {
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, 2 * count);
                weights = Arrays.copyOf(weights, 2 * count);
            }
            rows[count] = row;
            weights[count++] = weight;
        }

        NDArray rows(NDManager manager) {
            ByteBuffer buffer = direct(Long.BYTES);
            LongBuffer numbers = buffer.asLongBuffer();
            numbers.put(rows, 0, count);
            return manager.create(buffer, new Shape(count), DataType.INT64);
        }

        NDArray weights(NDManager manager) {
            ByteBuffer buffer = direct(wide ? Double.BYTES : Float.BYTES);
            if (wide) {
                DoubleBuffer numbers = buffer.asDoubleBuffer();
                numbers.put(weights, 0, count);
            } else {
                FloatBuffer numbers = buffer.asFloatBuffer();
                for (int i = 0; i < count; i++) {
                    numbers.put(i, (float) weights[i]);
                }
            }
            return manager.create(buffer, new Shape(count), wide ? DataType.FLOAT64 : DataType.FLOAT32);
        }

        private ByteBuffer direct(int bytes) {
            int size = Math.multiplyExact(count, bytes);
            return ByteBuffer.allocateDirect(Math.addExact(size, 2 * ALIGNMENT))
                    .alignedSlice(ALIGNMENT)
                    .slice(0, size)
                    .order(ByteOrder.nativeOrder());
        }
    }
}

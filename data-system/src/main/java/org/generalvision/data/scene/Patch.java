package org.generalvision.data.scene;

/** A cut-out in the pixels of a scene. It may reach over the frame. */
final class Patch {
    private final int top;
    private final int left;
    private final int height;
    private final int width;
    private final float[] rgba;

    /**
     * @param top row of its first pixels in the scene
     * @param left column of its first pixels in the scene
     * @param rgba as in {@link Cutout}
     */
    Patch(int top, int left, int height, int width, float[] rgba) {
        this.top = top;
        this.left = left;
        this.height = height;
        this.width = width;
        this.rgba = rgba;
    }

    int top() {
        return top;
    }

    int left() {
        return left;
    }

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    float[] rgba() {
        return rgba;
    }

    /**
     * Draws a cut-out into a rectangle given in continuous rows and columns: the triangle filter, as wide as a pixel of the
     * coarser of the two grids, over premultiplied colors. Outside of the cut-out is nothing, so edges fade where they cut
     * through pixels, and a pixel belongs to a solid cut-out exactly if its center is inside of the rectangle.
     */
    static Patch of(Cutout cutout, double top, double left, double bottom, double right, boolean flipped) {
        Axis rows = Axis.of(top, bottom, cutout.height(), false);
        Axis columns = Axis.of(left, right, cutout.width(), flipped);
        int width = columns.size();
        float[] across = new float[4 * cutout.height() * width];
        for (int y = 0; y < cutout.height(); y++) {
            for (int x = 0; x < width; x++) {
                columns.sum(x, cutout.rgba(), 4 * y * cutout.width(), 4, across, 4 * (y * width + x));
            }
        }
        float[] rgba = new float[4 * rows.size() * width];
        for (int y = 0; y < rows.size(); y++) {
            for (int x = 0; x < width; x++) {
                rows.sum(y, across, 4 * x, 4 * width, rgba, 4 * (y * width + x));
            }
        }
        return new Patch(rows.first(), columns.first(), rows.size(), width, rgba);
    }

    /** Whether a pixel of the patch belongs to the object. */
    boolean covers(int y, int x) {
        return rgba[4 * (y * width + x) + 3] >= Cutout.OPAQUE;
    }

    /** Pixels of the object, also those beyond the frame. */
    int area() {
        int area = 0;
        for (int i = 3; i < rgba.length; i += 4) {
            area += rgba[i] >= Cutout.OPAQUE ? 1 : 0;
        }
        return area;
    }

    /** The filter of one axis. */
    private static final class Axis {
        private final int first;
        private final int[] starts;
        private final float[][] weights;

        /**
         * @param first pixel of the scene
         * @param starts for each pixel the first one of the cut-out that it takes from
         * @param weights for each pixel the share of the one at its start and of those that follow
         */
        Axis(int first, int[] starts, float[][] weights) {
            this.first = first;
            this.starts = starts;
            this.weights = weights;
        }

        int first() {
            return first;
        }

        /**
         * @param low where the cut-out begins in the scene
         * @param high where it ends
         * @param size its pixels
         */
        static Axis of(double low, double high, int size, boolean flipped) {
            double scale = (high - low) / size;
            double radius = Math.max(1, 1 / scale);
            int first = (int) Math.floor(low - scale * radius);
            int last = (int) Math.ceil(high + scale * radius);
            int[] starts = new int[last - first];
            float[][] weights = new float[last - first][];
            for (int i = 0; i < starts.length; i++) {
                double at = (first + i + 0.5 - low) / scale;
                double center = flipped ? size - at : at;
                int from = (int) Math.ceil(center - radius - 0.5);
                int to = (int) Math.floor(center + radius - 0.5);
                starts[i] = Math.max(0, from);
                weights[i] = weights(center, radius, from, to, size);
            }
            return new Axis(first, starts, weights);
        }

        /** Shares of the whole filter; what falls outside of the cut-out is lost, and with it the opacity. */
        private static float[] weights(double center, double radius, int from, int to, int size) {
            double sum = 0;
            for (int k = from; k <= to; k++) {
                sum += weight(k, center, radius);
            }
            int low = Math.max(0, from);
            float[] weights = new float[Math.max(0, Math.min(size - 1, to) - low + 1)];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) (weight(low + i, center, radius) / sum);
            }
            return weights;
        }

        private static double weight(int pixel, double center, double radius) {
            return Math.max(0, 1 - Math.abs(pixel + 0.5 - center) / radius);
        }

        int size() {
            return starts.length;
        }

        /** Adds the four channels of the pixels below the filter. */
        void sum(int pixel, float[] from, int base, int step, float[] to, int at) {
            float[] shares = weights[pixel];
            int read = base + starts[pixel] * step;
            float red = 0;
            float green = 0;
            float blue = 0;
            float alpha = 0;
            for (float share : shares) {
                red += share * from[read];
                green += share * from[read + 1];
                blue += share * from[read + 2];
                alpha += share * from[read + 3];
                read += step;
            }
            to[at] = red;
            to[at + 1] = green;
            to[at + 2] = blue;
            to[at + 3] = alpha;
        }
    }
}

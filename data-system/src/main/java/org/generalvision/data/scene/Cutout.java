package org.generalvision.data.scene;

/** One object cut out of its image, no larger than its visible part. */
final class Cutout {
    /** Opacity, of 255, from which on a pixel belongs to the object. */
    static final float OPAQUE = 127.5f;

    private static final float MAX = 255;

    /** Pixels of the shorter side below which nobody could tell what is seen. */
    private static final int MIN_SIDE = 8;

    private final String licence;
    private final int height;
    private final int width;
    private final float[] rgba;

    /**
     * @param rgba red, green, blue and alpha of each pixel, row by row, colors multiplied by alpha, all in 0..255
     */
    Cutout(String licence, int height, int width, float[] rgba) {
        this.licence = licence;
        this.height = height;
        this.width = width;
        this.rgba = rgba;
    }

    String licence() {
        return licence;
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
     * Cuts an object out of a decoded image.
     *
     * @throws IllegalArgumentException if nothing is opaque, or all is, or the object is too small
     */
    static Cutout of(CutoutData.Item item, Pixels.Decoded image) {
        int top = image.height();
        int bottom = -1;
        int left = image.width();
        int right = -1;
        int opaque = 0;
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                if (image.alpha(y * image.width() + x) >= OPAQUE) {
                    top = Math.min(top, y);
                    bottom = y;
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                    opaque++;
                }
            }
        }
        if (opaque == 0) {
            throw new IllegalArgumentException("has no pixel of at least half opacity, so there is nothing to cut out");
        }
        if (opaque == image.height() * image.width()) {
            throw new IllegalArgumentException("is opaque everywhere, so nothing says where the object ends");
        }
        int height = bottom - top + 1;
        int width = right - left + 1;
        if (Math.min(height, width) < MIN_SIDE) {
            throw new IllegalArgumentException("shows an object of %d x %d pixels; at least %d are needed each way"
                    .formatted(height, width, MIN_SIDE));
        }
        float[] rgba = new float[4 * height * width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                premultiply(image, (y + top) * image.width() + x + left, rgba, 4 * (y * width + x));
            }
        }
        return new Cutout(item.licence(), height, width, rgba);
    }

    private static void premultiply(Pixels.Decoded image, int pixel, float[] rgba, int at) {
        float alpha = image.alpha(pixel);
        for (int c = 0; c < 3; c++) {
            rgba[at + c] = (image.rgba()[4 * pixel + c] & 0xFF) * alpha / MAX;
        }
        rgba[at + 3] = alpha;
    }

    /** Width over height. */
    double aspect() {
        return (double) width / height;
    }

    int bytes() {
        return rgba.length * Float.BYTES;
    }
}

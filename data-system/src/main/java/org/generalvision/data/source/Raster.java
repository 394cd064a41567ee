package org.generalvision.data.source;

import java.awt.image.BufferedImage;

/**
 * How a drawing becomes pixels. Fewer bits make much smaller files, because the many shades along smooth edges fall together;
 * at 6 and 5 bits no value moves by more than 2 and 4 of 255.
 *
 * @param pixels side of the square, 16 to 4096
 * @param colorBits bits of red, green and blue that are kept, 1 to 8
 * @param alphaBits bits of opacity that are kept, 1 to 8
 */
public record Raster(int pixels, int colorBits, int alphaBits) {
    /** What clip art is drawn at unless asked otherwise: 96 pixels, nothing rounded. */
    public static final Raster DEFAULT = new Raster(96, Byte.SIZE, Byte.SIZE);

    private static final int MAX = 255;

    public Raster {
        check("The side of the pictures", pixels, 16, 4096);
        check("The bits of colors", colorBits, 1, Byte.SIZE);
        check("The bits of opacity", alphaBits, 1, Byte.SIZE);
    }

    /** Rounds all pixels in place; what becomes fully transparent becomes 0. */
    void round(BufferedImage image) {
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, round(image.getRGB(x, y)));
            }
        }
    }

    /** Colors below zero alpha are leftovers that no viewer sees; kept, they would hide duplicates and cost bytes. */
    private int round(int argb) {
        int alpha = round(argb >>> 24, alphaBits);
        if (alpha == 0) {
            return 0;
        }
        int red = round(argb >> 16 & MAX, colorBits);
        int green = round(argb >> 8 & MAX, colorBits);
        int blue = round(argb & MAX, colorBits);
        return alpha << 24 | red << 16 | green << 8 | blue;
    }

    /** The nearest of 2^bits evenly spaced values, so that 0 and 255 stay. */
    private static int round(int value, int bits) {
        int levels = (1 << bits) - 1;
        int level = (2 * value * levels + MAX) / (2 * MAX);
        return (2 * level * MAX + levels) / (2 * levels);
    }

    private static void check(String name, int value, int low, int high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException("%s must lie in %d..%d: %d".formatted(name, low, high, value));
        }
    }
}

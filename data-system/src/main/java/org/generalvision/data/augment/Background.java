package org.generalvision.data.augment;

/**
 * The color behind transparent pixels.
 *
 * @param red in [0, 255]
 * @param green in [0, 255]
 * @param blue in [0, 255]
 */
public record Background(int red, int green, int blue) {
    public static final Background WHITE = new Background(255, 255, 255);

    public Background {
        if (((red | green | blue) & ~0xFF) != 0) {
            throw new IllegalArgumentException(
                    "red, green and blue must lie in [0, 255]: %d, %d, %d".formatted(red, green, blue));
        }
    }
}

package org.generalvision.data.augment;

import java.util.random.RandomGenerator;

/**
 * The whole image, resized to the size of the view whatever its shape. Nothing is drawn.
 *
 * @param height of the view in pixels
 * @param width of the view in pixels
 */
public record WholeImage(int height, int width) implements Crop {
    public WholeImage {
        ImageHeader.requireSide("height", height);
        ImageHeader.requireSide("width", width);
    }

    @Override
    public Window window(int imageHeight, int imageWidth, RandomGenerator random) {
        return new Window(0, 0, imageHeight, imageWidth, new Resized(height, width, 0, 0));
    }
}

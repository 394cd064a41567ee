package org.generalvision.data.augment;

import java.util.random.RandomGenerator;

/**
 * The whole image without distortion: resized so that it just fits into the view, times a factor; what is then too large is cut at a
 * random place, and what is missing on the right and below is filled with the view's background. With the factor 1 nothing is
 * cut or drawn, for evaluation; with 0.1 to 2 it is the large scale jitter of arXiv 2012.07177, section 3.
 *
 * <p>The filling is no part of the image: dense targets are unknown there.
 *
 * @param height of the view in pixels
 * @param width of the view in pixels
 * @param scale factor of the size at which the image just fits, positive
 */
public record FitWithin(int height, int width, Range scale) implements Crop {
    private static final double LARGEST = 16;

    public FitWithin {
        ImageHeader.requireSide("height", height);
        ImageHeader.requireSide("width", width);
        if (!(scale.low() > 0) || scale.high() > LARGEST) {
            throw new IllegalArgumentException("scale must lie within (0, 16]: " + scale);
        }
    }

    @Override
    public Window window(int imageHeight, int imageWidth, RandomGenerator random) {
        double factor = scale.draw(random) * Math.min((double) height / imageHeight, (double) width / imageWidth);
        int resizedHeight = Math.max(1, (int) Math.rint(imageHeight * factor));
        int resizedWidth = Math.max(1, (int) Math.rint(imageWidth * factor));
        int top = random.nextInt(Math.max(0, resizedHeight - height) + 1);
        int left = random.nextInt(Math.max(0, resizedWidth - width) + 1);
        return new Window(0, 0, imageHeight, imageWidth, new Resized(resizedHeight, resizedWidth, top, left));
    }
}

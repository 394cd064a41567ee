package org.generalvision.data.augment;

import java.util.random.RandomGenerator;

/**
 * A rectangle of random area and shape, resized to the size of the view, as torchvision defines RandomResizedCrop: the
 * area is a uniform share of the image, the ratio width / height is log-uniform, the position uniform. After ten
 * rectangles that do not fit, the largest centered one of an allowed ratio is taken.
 *
 * @param height of the view in pixels
 * @param width of the view in pixels
 * @param scale share of the image's area, within (0, 1]
 * @param ratio width / height of the rectangle, positive
 */
public record RandomResizedCrop(int height, int width, Range scale, Range ratio) implements Crop {
    private static final int NUM_TRIES = 10;

    public RandomResizedCrop {
        ImageHeader.requireSide("height", height);
        ImageHeader.requireSide("width", width);
        if (!(scale.low() > 0) || scale.high() > 1) {
            throw new IllegalArgumentException("scale must lie within (0, 1]: " + scale);
        }
        if (!(ratio.low() > 0)) {
            throw new IllegalArgumentException("ratio must be positive: " + ratio);
        }
    }

    @Override
    public Window window(int imageHeight, int imageWidth, RandomGenerator random) {
        double area = (double) imageHeight * imageWidth;
        Range logRatio = new Range(Math.log(ratio.low()), Math.log(ratio.high()));
        for (int i = 0; i < NUM_TRIES; i++) {
            double cropArea = area * scale.draw(random);
            double cropRatio = Math.exp(logRatio.draw(random));
            long cropWidth = Math.round(Math.sqrt(cropArea * cropRatio));
            long cropHeight = Math.round(Math.sqrt(cropArea / cropRatio));
            if (cropWidth > 0 && cropWidth <= imageWidth && cropHeight > 0 && cropHeight <= imageHeight) {
                int top = random.nextInt(imageHeight - (int) cropHeight + 1);
                int left = random.nextInt(imageWidth - (int) cropWidth + 1);
                return window(top, left, (int) cropHeight, (int) cropWidth);
            }
        }
        return fallback(imageHeight, imageWidth);
    }

    private Window fallback(int imageHeight, int imageWidth) {
        double imageRatio = (double) imageWidth / imageHeight;
        int cropWidth = imageWidth;
        int cropHeight = imageHeight;
        if (imageRatio < ratio.low()) {
            cropHeight = (int) Math.max(1, Math.min(imageHeight, Math.round(imageWidth / ratio.low())));
        } else if (imageRatio > ratio.high()) {
            cropWidth = (int) Math.max(1, Math.min(imageWidth, Math.round(imageHeight * ratio.high())));
        }
        return window((imageHeight - cropHeight) / 2, (imageWidth - cropWidth) / 2, cropHeight, cropWidth);
    }

    private Window window(int top, int left, int cropHeight, int cropWidth) {
        return new Window(top, left, cropHeight, cropWidth, new Resized(height, width, 0, 0));
    }
}

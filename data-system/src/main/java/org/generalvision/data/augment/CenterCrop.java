package org.generalvision.data.augment;

import java.util.random.RandomGenerator;

/**
 * The view of evaluation: the whole image resized so that its short side has {@code shortSide} pixels, then a square of
 * {@code size} pixels from its center, as torchvision defines Resize and CenterCrop. Nothing is drawn.
 *
 * @param shortSide pixels of the short side after resizing, at least {@code size}
 * @param size side of the view in pixels
 */
public record CenterCrop(int shortSide, int size) implements Crop {
    public CenterCrop {
        ImageHeader.requireSide("size", size);
        ImageHeader.requireSide("shortSide", shortSide);
        if (shortSide < size) {
            throw new IllegalArgumentException(
                    "shortSide must be at least size, so that the crop is full: %d < %d".formatted(shortSide, size));
        }
    }

    @Override
    public int height() {
        return size;
    }

    @Override
    public int width() {
        return size;
    }

    @Override
    public Window window(int imageHeight, int imageWidth, RandomGenerator random) {
        // The long side is cut, not rounded, as torchvision does it.
        int resizedHeight = imageHeight <= imageWidth ? shortSide : longSide(imageHeight, imageWidth);
        int resizedWidth = imageWidth <= imageHeight ? shortSide : longSide(imageWidth, imageHeight);
        Resized resized = new Resized(resizedHeight, resizedWidth, (int) Math.rint((resizedHeight - size) / 2.0), (int)
                Math.rint((resizedWidth - size) / 2.0));
        return new Window(0, 0, imageHeight, imageWidth, resized);
    }

    private int longSide(int imageLong, int imageShort) {
        return (int) ((long) shortSide * imageLong / imageShort);
    }
}

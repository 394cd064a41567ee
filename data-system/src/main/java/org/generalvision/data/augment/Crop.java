package org.generalvision.data.augment;

import java.util.random.RandomGenerator;

/** Which part of an image a view shows, and at which size: the first step of every view. */
public sealed interface Crop permits RandomResizedCrop, CenterCrop, WholeImage, FitWithin {
    /** Height of the view in pixels. */
    int height();

    /** Width of the view in pixels. */
    int width();

    /** The window for an image of the given size in pixels. */
    Window window(int imageHeight, int imageWidth, RandomGenerator random);

    /**
     * A rectangle of the stored image, the size that it is resized to, and where the view begins in the result.
     *
     * @param top first row of the rectangle in the stored image
     * @param left first column of the rectangle in the stored image
     * @param height rows of the rectangle
     * @param width columns of the rectangle
     * @param resized what the rectangle becomes
     */
    record Window(int top, int left, int height, int width, Resized resized) {}

    /**
     * A resized rectangle, of which the view is a part. Where the view goes on beyond it, to the right or below, it is filled.
     *
     * @param height rows after resizing
     * @param width columns after resizing
     * @param top first row of the view
     * @param left first column of the view
     */
    record Resized(int height, int width, int top, int left) {}
}

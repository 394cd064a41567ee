package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableIntArray;

/**
 * Heights and widths of the images of a batch in pixels, without the filling that makes them equally large.
 *
 * @param numbers height, width, height, width and so on
 */
public record ImageSizes(ImmutableIntArray numbers) {
    public ImageSizes {
        if (numbers.isEmpty() || numbers.length() % 2 != 0 || numbers.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException("Images must have heights and widths of at least 1: " + numbers);
        }
    }

    /** Images of one size. */
    public static ImageSizes of(int count, int height, int width) {
        ImmutableIntArray.Builder numbers = ImmutableIntArray.builder();
        for (int i = 0; i < count; i++) {
            numbers.add(height).add(width);
        }
        return new ImageSizes(numbers.build());
    }

    /** Number of images. */
    public int count() {
        return numbers.length() / 2;
    }

    public int height(int image) {
        return numbers.get(2 * image);
    }

    public int width(int image) {
        return numbers.get(2 * image + 1);
    }

    /** (B, 2): height and width of each. */
    NDArray array(NDManager manager, DataType type) {
        double[] values = numbers.stream().asDoubleStream().toArray();
        return manager.create(values, new Shape(count(), 2)).toType(type, false);
    }
}

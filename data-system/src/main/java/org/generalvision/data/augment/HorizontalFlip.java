package org.generalvision.data.augment;

import java.util.random.RandomGenerator;
import org.bytedeco.opencv.global.opencv_core;

/**
 * Swaps left and right.
 *
 * @param probability that it happens
 */
public record HorizontalFlip(double probability) implements Augmentation {
    private static final int AROUND_THE_VERTICAL_AXIS = 1;

    public HorizontalFlip {
        Augmentation.requireProbability(probability);
    }

    @Override
    public void apply(Canvas canvas, RandomGenerator random) {
        if (RandomStream.happens(probability, random)) {
            canvas.change((from, to) -> opencv_core.flip(from, to, AROUND_THE_VERTICAL_AXIS));
            canvas.noteMirror();
        }
    }
}

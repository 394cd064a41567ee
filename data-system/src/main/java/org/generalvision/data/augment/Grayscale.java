package org.generalvision.data.augment;

import java.util.random.RandomGenerator;
import org.bytedeco.opencv.global.opencv_imgproc;

/**
 * Replaces each pixel by its luma 0.299 R + 0.587 G + 0.114 B in all three channels.
 *
 * @param probability that it happens
 */
public record Grayscale(double probability) implements Augmentation {
    public Grayscale {
        Augmentation.requireProbability(probability);
    }

    @Override
    public void apply(Canvas canvas, RandomGenerator random) {
        if (RandomStream.happens(probability, random)) {
            canvas.change((from, to) -> opencv_imgproc.cvtColor(canvas.luma(), to, opencv_imgproc.COLOR_GRAY2BGR));
        }
    }
}

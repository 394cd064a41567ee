package org.generalvision.data.augment;

import java.util.random.RandomGenerator;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Convolves with a Gaussian whose sigma is uniform in a range; the image is mirrored at its borders. The kernel reaches
 * three sigmas, so its size follows the draw (torchvision has a fixed size).
 *
 * @param sigma in pixels of the view, positive
 * @param probability that it happens
 */
public record GaussianBlur(Range sigma, double probability) implements Augmentation {
    private static final double REACH_IN_SIGMAS = 3;
    private static final double MAX_SIGMA = 100;

    public GaussianBlur {
        if (!(sigma.low() > 0) || sigma.high() > MAX_SIGMA) {
            throw new IllegalArgumentException("sigma must lie within (0, " + MAX_SIGMA + "]: " + sigma);
        }
        Augmentation.requireProbability(probability);
    }

    @Override
    public void apply(Canvas canvas, RandomGenerator random) {
        boolean happens = RandomStream.happens(probability, random);
        double drawn = sigma.draw(random);
        if (happens) {
            blur(canvas, drawn);
        }
    }

    static void blur(Canvas canvas, double sigma) {
        int side = 2 * radius(sigma) + 1;
        try (Size size = new Size(side, side)) {
            canvas.change((from, to) -> opencv_imgproc.GaussianBlur(
                    from, to, size, sigma, sigma, opencv_core.BORDER_REFLECT_101, opencv_core.ALGO_HINT_DEFAULT));
        }
    }

    static int radius(double sigma) {
        return (int) Math.ceil(REACH_IN_SIGMAS * sigma);
    }
}

package org.generalvision.data.augment;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * Changes brightness, contrast, saturation and hue in random order, as torchvision defines ColorJitter: with x a pixel, f a
 * factor uniform in [max(0, 1 - strength), 1 + strength], L the luma of the pixel and M the mean luma of the image,
 *
 * <ul>
 *   <li>brightness: f x,
 *   <li>contrast: f x + (1 - f) M,
 *   <li>saturation: f x + (1 - f) L,
 *   <li>hue: in HSV, where a turn of the color circle has 256 steps, H plus a share of a turn uniform in [-hue, hue],
 * </ul>
 *
 * each rounded and cut to [0, 255].
 *
 * @param brightness strength, 0 for none
 * @param contrast strength, 0 for none
 * @param saturation strength, 0 for none
 * @param hue largest share of a turn, in [0, 0.5]
 * @param probability that the image is changed at all
 */
public record ColorJitter(double brightness, double contrast, double saturation, double hue, double probability)
        implements Augmentation {
    private static final int NUM_CHANGES = 4;

    public ColorJitter {
        requireStrength("brightness", brightness);
        requireStrength("contrast", contrast);
        requireStrength("saturation", saturation);
        if (!(hue >= 0 && hue <= 0.5)) {
            throw new IllegalArgumentException("hue must lie in [0, 0.5]: " + hue);
        }
        Augmentation.requireProbability(probability);
    }

    private static void requireStrength(String name, double strength) {
        if (!(strength >= 0 && strength < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be finite and not negative: " + strength);
        }
    }

    @Override
    public void apply(Canvas canvas, RandomGenerator random) {
        boolean happens = RandomStream.happens(probability, random);
        double brightnessFactor = Range.aroundOne(brightness).draw(random);
        double contrastFactor = Range.aroundOne(contrast).draw(random);
        double saturationFactor = Range.aroundOne(saturation).draw(random);
        double hueShift = new Range(-hue, hue).draw(random);
        int[] order = order(random);
        if (!happens) {
            return;
        }
        for (int change : order) {
            switch (change) {
                case 0 -> changeBrightness(canvas, brightnessFactor);
                case 1 -> changeContrast(canvas, contrastFactor);
                case 2 -> changeSaturation(canvas, saturationFactor);
                default -> changeHue(canvas, hueShift);
            }
        }
    }

    static void changeBrightness(Canvas canvas, double factor) {
        if (factor != 1) {
            canvas.change((from, to) -> from.convertTo(to, -1, factor, 0));
        }
    }

    static void changeContrast(Canvas canvas, double factor) {
        if (factor == 1) {
            return;
        }
        try (Scalar mean = opencv_core.mean(canvas.luma())) {
            double offset = (1 - factor) * mean.get(0);
            canvas.change((from, to) -> from.convertTo(to, -1, factor, offset));
        }
    }

    static void changeSaturation(Canvas canvas, double factor) {
        if (factor == 1) {
            return;
        }
        canvas.change((from, to) -> {
            opencv_imgproc.cvtColor(canvas.luma(), to, opencv_imgproc.COLOR_GRAY2BGR);
            opencv_core.addWeighted(from, factor, to, 1 - factor, 0, to);
        });
    }

    static void changeHue(Canvas canvas, double shareOfTurn) {
        int steps = (int) Math.round(shareOfTurn * 256);
        if (steps == 0) {
            return;
        }
        canvas.change((from, to) -> opencv_imgproc.cvtColor(from, to, opencv_imgproc.COLOR_BGR2HSV_FULL));
        turn(canvas.image(), steps);
        canvas.change((from, to) -> opencv_imgproc.cvtColor(from, to, opencv_imgproc.COLOR_HSV2BGR_FULL));
    }

    /** Adds to the first of three channels; the circle closes by itself in eight bits. */
    private static void turn(Mat hsv, int steps) {
        ByteBuffer bytes = hsv.createBuffer();
        for (int i = 0; i < bytes.limit(); i += Canvas.NUM_CHANNELS) {
            bytes.put(i, (byte) (bytes.get(i) + steps));
        }
    }

    private static int[] order(RandomGenerator random) {
        int[] order = {0, 1, 2, 3};
        for (int i = NUM_CHANGES - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }
}

package org.generalvision.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each augmentation against its definition, pixel by pixel in plain loops. Pixels are blue, green, red. */
class AugmentationTest {
    private static final int HEIGHT = 19;
    private static final int WIDTH = 23;

    private final Canvas canvas = new Canvas();
    private final int[] pixels = randomPixels(1);

    @AfterEach
    void close() {
        canvas.close();
    }

    private static int[] randomPixels(long seed) {
        RandomGenerator random = RandomStream.of(seed, 0, 0, "pixels");
        return random.ints(HEIGHT * WIDTH * 3L, 0, 256).toArray();
    }

    private void put(int[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        try (BytePointer pointer = new BytePointer(bytes);
                Mat image = new Mat(HEIGHT, WIDTH, opencv_core.CV_8UC3, pointer)) {
            canvas.change((from, to) -> image.copyTo(to));
        }
    }

    private int[] get() {
        var bytes = canvas.image().createBuffer();
        int[] values = new int[HEIGHT * WIDTH * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((java.nio.ByteBuffer) bytes).get(i) & 0xFF;
        }
        return values;
    }

    private static double luma(int[] pixels, int pixel) {
        return 0.114 * pixels[3 * pixel] + 0.587 * pixels[3 * pixel + 1] + 0.299 * pixels[3 * pixel + 2];
    }

    private static double cut(double value) {
        return Math.max(0, Math.min(255, value));
    }

    private void assertEachValueIs(DoubleUnaryOperator expectedAt, double tolerance) {
        int[] actual = get();
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i]).as("value %d", i).isCloseTo(expectedAt.applyAsDouble(i), within(tolerance));
        }
    }

    @Test
    void grayscaleIsTheWeightedSum() {
        put(pixels);
        new Grayscale(1).apply(canvas, RandomStream.of(0, 0, 0, "test"));
        assertEachValueIs(i -> luma(pixels, (int) i / 3), 0.51);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.6, 0.99, 1.4, 3})
    void brightnessScalesEachValue(double factor) {
        put(pixels);
        ColorJitter.changeBrightness(canvas, factor);
        assertEachValueIs(i -> cut(factor * pixels[(int) i]), 0.501);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.6, 0.99, 1.4, 3})
    void contrastBlendsWithTheMeanLuma(double factor) {
        put(pixels);
        double mean = 0;
        for (int i = 0; i < HEIGHT * WIDTH; i++) {
            mean += Math.rint(luma(pixels, i)) / (HEIGHT * WIDTH);
        }
        double meanLuma = mean;
        ColorJitter.changeContrast(canvas, factor);
        // Lumas that fall on a half may be rounded either way, which moves the mean by a few hundredths.
        assertEachValueIs(i -> cut(factor * pixels[(int) i] + (1 - factor) * meanLuma), 0.55);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.6, 0.99, 1.4, 3})
    void saturationBlendsWithTheLuma(double factor) {
        put(pixels);
        ColorJitter.changeSaturation(canvas, factor);
        // The luma has eight bits, so its rounding comes on top.
        double tolerance = 0.501 + 0.51 * Math.abs(1 - factor);
        assertEachValueIs(i -> cut(factor * pixels[(int) i] + (1 - factor) * luma(pixels, (int) i / 3)), tolerance);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.5, -0.1, 0.03, 0.1, 0.25, 0.5})
    void hueTurnsTheColorCircle(double shareOfTurn) {
        put(pixels);
        ColorJitter.changeHue(canvas, shareOfTurn);
        int[] actual = get();
        double turn = Math.round(shareOfTurn * 256) / 256.0;
        double error = 0;
        for (int i = 0; i < HEIGHT * WIDTH; i++) {
            float[] hsb = Color.RGBtoHSB(pixels[3 * i + 2], pixels[3 * i + 1], pixels[3 * i], null);
            Color expected = new Color(Color.HSBtoRGB((float) (hsb[0] + turn + 1), hsb[1], hsb[2]));
            assertThat(actual[3 * i + 2]).as("red of pixel %d", i).isCloseTo(expected.getRed(), within(8));
            assertThat(actual[3 * i + 1]).as("green of pixel %d", i).isCloseTo(expected.getGreen(), within(8));
            assertThat(actual[3 * i]).as("blue of pixel %d", i).isCloseTo(expected.getBlue(), within(8));
            error += Math.abs(actual[3 * i + 1] - expected.getGreen());
        }
        // Eight bits of hue, saturation and value cost a few levels at worst, one or so in the mean.
        assertThat(error / (HEIGHT * WIDTH)).isLessThan(1.5);
    }

    @Test
    void fullTurnAndGrayPixelsKeepTheirHue() {
        int[] gray = pixels.clone();
        for (int i = 0; i < gray.length; i++) {
            gray[i] = pixels[i - i % 3];
        }
        put(gray);
        ColorJitter.changeHue(canvas, 0.3);
        assertThat(get()).containsExactly(gray);
    }

    @Test
    void factorOneChangesNothing() {
        put(pixels);
        ColorJitter.changeBrightness(canvas, 1);
        ColorJitter.changeContrast(canvas, 1);
        ColorJitter.changeSaturation(canvas, 1);
        ColorJitter.changeHue(canvas, 0);
        new ColorJitter(0, 0, 0, 0, 1).apply(canvas, RandomStream.of(0, 0, 0, "test"));
        assertThat(get()).containsExactly(pixels);
    }

    @Test
    void flipMirrorsAndTwiceIsNothing() {
        put(pixels);
        Augmentation flip = new HorizontalFlip(1);
        flip.apply(canvas, RandomStream.of(0, 0, 0, "test"));
        int[] flipped = get();
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                for (int c = 0; c < 3; c++) {
                    assertThat(flipped[(y * WIDTH + x) * 3 + c]).isEqualTo(pixels[(y * WIDTH + WIDTH - 1 - x) * 3 + c]);
                }
            }
        }
        flip.apply(canvas, RandomStream.of(0, 0, 0, "test"));
        assertThat(get()).containsExactly(pixels);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 1, 1.7, 2})
    void blurIsTheConvolutionWithAGaussian(double sigma) {
        put(pixels);
        GaussianBlur.blur(canvas, sigma);
        int radius = GaussianBlur.radius(sigma);
        double[] kernel = new double[2 * radius + 1];
        double sum = 0;
        for (int i = -radius; i <= radius; i++) {
            kernel[i + radius] = Math.exp(-i * i / (2 * sigma * sigma));
            sum += kernel[i + radius];
        }
        double total = sum;
        assertEachValueIs(
                at -> {
                    int i = (int) at;
                    double value = 0;
                    for (int dy = -radius; dy <= radius; dy++) {
                        for (int dx = -radius; dx <= radius; dx++) {
                            int y = mirror(i / 3 / WIDTH + dy, HEIGHT);
                            int x = mirror(i / 3 % WIDTH + dx, WIDTH);
                            value += kernel[dy + radius]
                                    * kernel[dx + radius]
                                    / (total * total)
                                    * pixels[(y * WIDTH + x) * 3 + i % 3];
                        }
                    }
                    return value;
                },
                2);
    }

    private static int mirror(int i, int size) {
        int inside = i < 0 ? -i : i;
        return inside >= size ? 2 * size - 2 - inside : inside;
    }

    @Test
    void blurKeepsAPlainImage() {
        int[] plain = new int[pixels.length];
        java.util.Arrays.fill(plain, 200);
        put(plain);
        GaussianBlur.blur(canvas, 1.3);
        assertThat(get()).containsExactly(plain);
    }

    @Test
    void probabilitiesAreKept() {
        List<Augmentation> all = List.of(
                new HorizontalFlip(0.3),
                new Grayscale(0.3),
                new GaussianBlur(new Range(0.5, 2), 0.3),
                new ColorJitter(0.4, 0.4, 0.4, 0.1, 0.3));
        for (Augmentation augmentation : all) {
            int changed = 0;
            for (int sample = 0; sample < 2000; sample++) {
                put(pixels);
                augmentation.apply(canvas, RandomStream.of(1, 0, sample, "test"));
                changed += java.util.Arrays.equals(get(), pixels) ? 0 : 1;
            }
            // Three standard deviations of a share of 2000 draws are 0.031.
            assertThat(changed / 2000.0).as(augmentation.toString()).isCloseTo(0.3, within(0.04));
        }
    }

    @Test
    void everyChangeTakesTheSameNumberOfDrawsWhetherItHappensOrNot() {
        List<List<Augmentation>> pairs = List.of(
                List.of(new HorizontalFlip(0), new HorizontalFlip(1)),
                List.of(new Grayscale(0), new Grayscale(1)),
                List.of(new GaussianBlur(new Range(1, 2), 0), new GaussianBlur(new Range(1, 2), 1)),
                List.of(new ColorJitter(0.4, 0.4, 0.4, 0.1, 0), new ColorJitter(0.4, 0.4, 0.4, 0.1, 1)));
        for (List<Augmentation> pair : pairs) {
            RandomStream never = RandomStream.of(4, 0, 0, "test");
            RandomStream always = RandomStream.of(4, 0, 0, "test");
            put(pixels);
            pair.get(0).apply(canvas, never);
            pair.get(1).apply(canvas, always);
            assertThat(always.nextLong()).as(pair.toString()).isEqualTo(never.nextLong());
        }
    }

    @Test
    void badSettingsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HorizontalFlip(1.5))
                .withMessage("probability must lie in [0, 1]: 1.5");
        assertThatIllegalArgumentException().isThrownBy(() -> new Grayscale(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GaussianBlur(new Range(0, 1), 0.5))
                .withMessageContaining("sigma must lie within");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ColorJitter(-1, 0, 0, 0, 1))
                .withMessageContaining("brightness must be finite and not negative: -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ColorJitter(0, 0, 0, 0.6, 1))
                .withMessageContaining("hue must lie in [0, 0.5]: 0.6");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Background(256, 0, 0))
                .withMessageContaining("[0, 255]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Normalize(List.of(0.5), List.of(1.0, 1.0, 1.0)))
                .withMessageContaining("three values");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Normalize(List.of(0.5, 0.5, 0.5), List.of(1.0, 0.0, 1.0)))
                .withMessageContaining("deviation must be positive");
    }
}

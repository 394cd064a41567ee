package org.generalvision.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CropTest {
    private static final Range RATIO = new Range(3 / 4.0, 4 / 3.0);

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomResizedCropStaysInsideTheImage(long seed) {
        RandomGenerator random = RandomStream.of(seed, 0, 0, "test");
        int height = 1 + random.nextInt(1 + 10 * (int) seed);
        int width = 1 + random.nextInt(1 + 10 * (int) seed);
        Crop crop = new RandomResizedCrop(32, 48, new Range(0.01, 1), new Range(0.2, 5));
        Crop.Window window = crop.window(height, width, random);
        assertThat(window.top()).isBetween(0, height - 1);
        assertThat(window.left()).isBetween(0, width - 1);
        assertThat(window.height()).isBetween(1, height - window.top());
        assertThat(window.width()).isBetween(1, width - window.left());
        assertThat(window.resized()).isEqualTo(new Crop.Resized(32, 48, 0, 0));
    }

    @Test
    void areaIsUniformAndRatioLogUniform() {
        // Small areas always fit at the first try, so nothing is rejected and the draws show their own distribution.
        Crop crop = new RandomResizedCrop(224, 224, new Range(0.1, 0.3), RATIO);
        int num = 20_000;
        int[] areas = new int[4];
        int[] ratios = new int[4];
        RandomGenerator random = RandomStream.of(1, 0, 0, "test");
        for (int i = 0; i < num; i++) {
            Crop.Window window = crop.window(2000, 2000, random);
            double area = (double) window.height() * window.width() / (2000 * 2000);
            double logRatio = Math.log((double) window.width() / window.height());
            areas[bin((area - 0.1) / 0.2)]++;
            ratios[bin((logRatio - Math.log(RATIO.low())) / Math.log(RATIO.high() / RATIO.low()))]++;
        }
        for (int i = 0; i < 4; i++) {
            assertThat(areas[i] / (double) num).as("quarter %d of areas", i).isCloseTo(0.25, within(0.015));
            assertThat(ratios[i] / (double) num).as("quarter %d of ratios", i).isCloseTo(0.25, within(0.015));
        }
    }

    private static int bin(double share) {
        return Math.max(0, Math.min(3, (int) (4 * share)));
    }

    @Test
    void positionIsUniform() {
        Crop crop = new RandomResizedCrop(8, 8, new Range(0.25, 0.25), new Range(1, 1));
        RandomGenerator random = RandomStream.of(2, 0, 0, "test");
        int[] tops = new int[51];
        for (int i = 0; i < 51_000; i++) {
            Crop.Window window = crop.window(100, 100, random);
            assertThat(window.height()).isEqualTo(50);
            tops[window.top()]++;
        }
        for (int count : tops) {
            assertThat(count).isBetween(850, 1150);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // height, width, then the fallback: top, left, height, width
        "10, 1000, 0, 493, 10, 13",
        "1000, 10, 493, 0, 13, 10",
    })
    void imageOfExtremeShapeGetsTheLargestCenteredWindow(
            int height, int width, int top, int left, int windowHeight, int windowWidth) {
        Crop crop = new RandomResizedCrop(8, 8, new Range(1, 1), RATIO);
        Crop.Window window = crop.window(height, width, RandomStream.of(3, 0, 0, "test"));
        assertThat(window)
                .isEqualTo(new Crop.Window(top, left, windowHeight, windowWidth, new Crop.Resized(8, 8, 0, 0)));
    }

    @ParameterizedTest
    @CsvSource({
        // height, width, resized height and width, top and left: values of torchvision's Resize(256), CenterCrop(224)
        "375, 500, 256, 341, 16, 58",
        "500, 375, 341, 256, 58, 16",
        "100, 100, 256, 256, 16, 16",
        "480, 640, 256, 341, 16, 58",
        "333, 1000, 256, 768, 16, 272",
    })
    void centerCropFollowsTorchvision(int height, int width, int resizedHeight, int resizedWidth, int top, int left) {
        Crop.Window window = new CenterCrop(256, 224).window(height, width, RandomStream.of(0, 0, 0, "test"));
        assertThat(window)
                .isEqualTo(
                        new Crop.Window(0, 0, height, width, new Crop.Resized(resizedHeight, resizedWidth, top, left)));
    }

    @Test
    void badSettingsAreRefused() {
        Range whole = new Range(0.2, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RandomResizedCrop(0, 8, whole, RATIO))
                .withMessageContaining("height must be 1 to");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RandomResizedCrop(8, 8, new Range(0.5, 1.5), RATIO))
                .withMessageContaining("scale must lie within (0, 1]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RandomResizedCrop(8, 8, new Range(0, 1), RATIO))
                .withMessageContaining("scale");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RandomResizedCrop(8, 8, whole, new Range(0, 1)))
                .withMessageContaining("ratio must be positive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CenterCrop(200, 224))
                .withMessageContaining("shortSide must be at least size");
        assertThatIllegalArgumentException().isThrownBy(() -> new Range(2, 1)).withMessageContaining("low <= high");
        assertThatIllegalArgumentException().isThrownBy(() -> new Range(Double.NaN, 1));
    }
}

package org.generalvision.data.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.generalvision.data.augment.RandomStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Resampling against its definition: a pixel belongs to a solid object exactly if its center is inside. */
class PatchTest {
    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    private static Cutout solid(int height, int width) {
        float[] rgba = new float[4 * height * width];
        Arrays.fill(rgba, 255);
        return new Cutout("CC0-1.0", height, width, rgba);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void coversExactlyThePixelsWhoseCentersAreInside(long seed) {
        RandomGenerator random = RandomStream.of(seed, 0, 0, "test");
        double top = -20 + 60 * random.nextDouble();
        double left = -20 + 60 * random.nextDouble();
        double bottom = top + 3 + 50 * random.nextDouble();
        double right = left + 3 + 50 * random.nextDouble();
        Patch patch = Patch.of(solid(8 + random.nextInt(60), 8 + random.nextInt(60)), top, left, bottom, right, false);
        for (int y = 0; y < patch.height(); y++) {
            for (int x = 0; x < patch.width(); x++) {
                double row = y + patch.top() + 0.5;
                double column = x + patch.left() + 0.5;
                double margin = Math.min(Math.min(row - top, bottom - row), Math.min(column - left, right - column));
                // At corners two edges fade the same pixel, which may cost it half a pixel.
                if (Math.abs(margin) > 0.5) {
                    assertThat(patch.covers(y, x)).isEqualTo(margin > 0);
                }
            }
        }
        long rows = LongStream.range(patch.top(), patch.top() + patch.height())
                .filter(y -> y + 0.5 > top && y + 0.5 < bottom)
                .count();
        int middle = patch.width() / 2;
        long covered = LongStream.range(0, patch.height())
                .filter(y -> patch.covers((int) y, middle))
                .count();
        assertThat(covered).isCloseTo(rows, within(1L));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 2.5})
    void opacityKeepsItsSumTimesTheScaleSquared(double scale) {
        Cutout cutout = solid(20, 30);
        Patch patch = Patch.of(cutout, 3.3, 4.7, 3.3 + 20 * scale, 4.7 + 30 * scale, false);
        double sum = 0;
        for (int i = 3; i < patch.rgba().length; i += 4) {
            sum += patch.rgba()[i];
        }
        assertThat(sum / 255).isCloseTo(20 * 30 * scale * scale, within(0.06 * 20 * 30 * scale * scale + 2));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hiddenColorsDoNotBleedIntoTheEdge(boolean flipped) {
        // Left half opaque red, right half invisible; multiplied by its opacity, whatever color it had is gone.
        int size = 10;
        float[] rgba = new float[4 * size * size];
        for (int i = 0; i < size * size; i++) {
            if (i % size < size / 2) {
                rgba[4 * i] = 255;
                rgba[4 * i + 3] = 255;
            }
        }
        Patch patch = Patch.of(new Cutout("CC0-1.0", size, size, rgba), 0, 0, 4.5, 4.5, flipped);
        double left = 0;
        double right = 0;
        for (int i = 0; i < patch.height() * patch.width(); i++) {
            assertThat(patch.rgba()[4 * i]).isCloseTo(patch.rgba()[4 * i + 3], within(1e-3f));
            boolean first = i % patch.width() + patch.left() + 0.5 < 2.25;
            left += first ? patch.rgba()[4 * i + 3] : 0;
            right += first ? 0 : patch.rgba()[4 * i + 3];
        }
        assertThat(flipped ? right : left).isGreaterThan(5 * (flipped ? left : right));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theNearerObjectHidesTheFarther(long seed) {
        RandomGenerator random = RandomStream.of(seed, 0, 0, "test");
        int side = 40;
        Visibility.Seen far = seen(random, side);
        Visibility.Seen near = seen(random, side);
        Visibility visibility = Visibility.of(List.of(far, near), side, side, 1e-9);
        if (visibility.kept().size() == 2) {
            int[] expected = new int[side * side];
            for (int at = 0; at < side * side; at++) {
                expected[at] = covers(near, at, side) ? 1 : covers(far, at, side) ? 0 : Visibility.NOBODY;
            }
            assertThat(visibility.owners()).isEqualTo(expected);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsHiddenTooFarIsTakenOut(long seed) {
        RandomGenerator random = RandomStream.of(seed, 0, 0, "test");
        int side = 40;
        List<Visibility.Seen> objects = List.of(seen(random, side), seen(random, side), seen(random, side));
        Visibility visibility = Visibility.of(objects, side, side, 0.5);
        for (int i = 0; i < visibility.kept().size(); i++) {
            int object = i;
            long pixels =
                    Arrays.stream(visibility.owners()).filter(o -> o == object).count();
            assertThat(pixels).isGreaterThanOrEqualTo((long)
                    Math.ceil(0.5 * visibility.kept().get(i).patch().area()));
        }
    }

    private static Visibility.Seen seen(RandomGenerator random, int side) {
        double size = 10 + 20 * random.nextDouble();
        double top = (side - size) * random.nextDouble();
        double left = (side - size) * random.nextDouble();
        Cutout cutout = solid(16, 16);
        Placement placement = new Placement("box", cutout, 1, 0, 1, 0, false, new Color(1, 1, 1));
        return new Visibility.Seen(placement, Patch.of(cutout, top, left, top + size, left + size, false));
    }

    private static boolean covers(Visibility.Seen object, int at, int side) {
        int y = at / side - object.patch().top();
        int x = at % side - object.patch().left();
        return y >= 0
                && x >= 0
                && y < object.patch().height()
                && x < object.patch().width()
                && object.patch().covers(y, x);
    }
}

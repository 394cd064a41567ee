package org.generalvision.data.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.generalvision.data.example.Mask.Polygons;
import org.generalvision.data.example.Mask.RunLengths;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {
    /** The farthest that a point moves when it is rounded to fifths of a pixel, and a line that is drawn on them: half a fifth. */
    private static final double ROUNDING = 0.1 * Math.sqrt(2) + 0.1;

    static LongStream seeds() {
        return LongStream.range(0, 30);
    }

    static Stream<RunLengths> runLengths() {
        return Stream.of(runs(2, 3, 6), runs(2, 3, 0, 6), runs(2, 3, 1, 2, 3), runs(2, 3, 0, 1, 1, 1, 1, 1, 1));
    }

    @ParameterizedTest
    @MethodSource("runLengths")
    void pixelsAndRunLengthsAreTheSameMask(RunLengths mask) {
        BitSet pixels = mask.pixels();
        assertThat(RunLengths.of(2, 3, pixels, "thing", null)).isEqualTo(mask);
        assertThat(mask.area()).isEqualTo(pixels.cardinality());
        assertThat(mask.runLengths()).isSameAs(mask);
    }

    @Test
    void pixelsAreCountedColumnByColumn() {
        assertThat(runs(2, 3, 1, 2, 3).pixels().stream()).containsExactly(1, 2);
    }

    @Test
    void aRectangleOnPixelCornersCoversThosePixels() {
        Polygons mask = polygon(5, 6, List.of(1.0, 2.0, 4.0, 2.0, 4.0, 5.0, 1.0, 5.0));
        assertThat(mask.runLengths().runs()).isEqualTo(ImmutableIntArray.of(7, 3, 2, 3, 2, 3, 10));
        assertThat(mask.area()).isEqualTo(9);
    }

    /** What pycocotools answers to frPyObjects: a box through pixel centres, one off them, and a triangle. */
    @Test
    void coversThePixelsThatTheReferenceCovers() {
        Polygons centres = polygon(10, 10, List.of(0.5, 0.5, 0.5, 2.5, 2.5, 2.5, 2.5, 0.5));
        assertThat(centres.runLengths().pixels().stream()).containsExactly(11, 12, 21, 22);
        assertThat(polygon(10, 10, List.of(1.2, 1.7, 1.2, 3.8, 4.5, 3.8, 4.5, 1.7))
                        .area())
                .isEqualTo(8);
        assertThat(polygon(10, 10, List.of(2.0, 2.0, 7.0, 2.0, 4.0, 7.0)).area())
                .isEqualTo(12);
    }

    @Test
    void whatLiesOutsideOfTheImageIsCutOff() {
        assertThat(polygon(3, 2, List.of(-1.0, -2.0, 3.0, -2.0, 3.0, 5.0, -1.0, 5.0))
                        .area())
                .isEqualTo(6);
        assertThat(polygon(3, 2, List.of(2.5, 0.0, 3.5, 0.0, 3.0, 3.0)).area()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void pixelCentresWellInsideAreCoveredAndThoseWellOutsideAreNot(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int height = 1 + random.nextInt(30);
        int width = 1 + random.nextInt(30);
        List<Double> points = new ArrayList<>();
        for (int i = 3 + random.nextInt(6); i > 0; i--) {
            points.add(random.nextDouble(-0.5 * width, 1.5 * width));
            points.add(random.nextDouble(-0.5 * height, 1.5 * height));
        }
        BitSet pixels = polygon(height, width, points).runLengths().pixels();
        Path2D outline = outline(points);
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                if (distance(points, x + 0.5, y + 0.5) > ROUNDING) {
                    assertThat(pixels.get(x * height + y))
                            .as("pixel (%s, %s)", y, x)
                            .isEqualTo(outline.contains(x + 0.5, y + 0.5));
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void directionAndStartOfAnOutlineDoNotMatter(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<Double> points = random.doubles(10, 0, 12).boxed().toList();
        List<Double> reversed = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int from = (7 - i) % 5;
            reversed.add(points.get(2 * from));
            reversed.add(points.get(2 * from + 1));
        }
        assertThat(polygon(12, 12, reversed).runLengths())
                .isEqualTo(polygon(12, 12, points).runLengths());
    }

    @Test
    void severalPolygonsAreUnitedAndRepeatedPointsAreHarmless() {
        List<Double> left = List.of(0.0, 0.0, 2.0, 0.0, 2.0, 0.0, 2.0, 2.0, 0.0, 2.0, 0.0, 2.0);
        List<Double> right = List.of(1.0, 0.0, 4.0, 0.0, 4.0, 1.0, 1.0, 1.0);
        assertThat(polygons(2, 4, List.of(left, right)).runLengths().pixels().stream())
                .containsExactly(0, 1, 2, 3, 4, 6);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 1e9, -4.5})
    void aPointThatIsNoneOrFarAwayIsRefused(double x) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> polygon(3, 4, List.of(x, 0.0, 1.0, 1.0, 2.0, 1.0)))
                .withMessageContaining("x of a polygon is " + x);
    }

    @Test
    void malformedMasksAreRefused() {
        Map<String, Runnable> wrong = Map.of(
                "at least one", () -> polygons(3, 4, List.of()),
                "not 4 numbers", () -> polygon(3, 4, List.of(0.0, 0.0, 1.0, 1.0)),
                "not 7 numbers", () -> polygon(3, 4, List.of(0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 2.0)),
                "cover 5 of 2 x 3", () -> runs(2, 3, 2, 3),
                "cover 6 of 2 x 3", () -> runs(2, 3, 8, -2),
                "2000000 x 1", () -> runs(2_000_000, 1, 2_000_000),
                "0 x 1", () -> runs(0, 1, 0),
                "an index, from 0", () -> new RunLengths(1, 1, ImmutableIntArray.of(1), "thing", -1),
                "pixel number 6", () -> RunLengths.of(2, 3, BitSet.valueOf(new long[] {64}), "thing", null));
        wrong.forEach((message, attempt) ->
                assertThatIllegalArgumentException().isThrownBy(attempt::run).withMessageContaining(message));
    }

    private static RunLengths runs(int height, int width, int... runs) {
        return new RunLengths(height, width, ImmutableIntArray.copyOf(runs), "thing", null);
    }

    private static Polygons polygon(int height, int width, List<Double> points) {
        return polygons(height, width, List.of(points));
    }

    private static Polygons polygons(int height, int width, List<List<Double>> polygons) {
        List<ImmutableDoubleArray> outlines =
                polygons.stream().map(ImmutableDoubleArray::copyOf).toList();
        return new Polygons(height, width, outlines, "thing", null);
    }

    private static Path2D outline(List<Double> points) {
        Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
        path.moveTo(points.get(0), points.get(1));
        for (int i = 2; i < points.size(); i += 2) {
            path.lineTo(points.get(i), points.get(i + 1));
        }
        path.closePath();
        return path;
    }

    private static double distance(List<Double> points, double x, double y) {
        double nearest = Double.MAX_VALUE;
        for (int i = 0; i < points.size(); i += 2) {
            int next = (i + 2) % points.size();
            nearest = Math.min(
                    nearest,
                    Line2D.ptSegDist(points.get(i), points.get(i + 1), points.get(next), points.get(next + 1), x, y));
        }
        return nearest;
    }
}

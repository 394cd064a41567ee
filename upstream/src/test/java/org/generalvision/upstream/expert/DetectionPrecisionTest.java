package org.generalvision.upstream.expert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.generalvision.data.example.Mask;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.DenseSamples;
import org.generalvision.metric.Region;
import org.generalvision.upstream.head.FoundObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two classes, one true object of each, both found; and before them, more surely, something in a third object. Where that counts as
 * a mistake the precision of its class is a half at every recall, and the mean over the classes 0.75.
 */
class DetectionPrecisionTest {
    private static final int SIDE = 32;
    private static final Region.Box FIRST = new Region.Box(0, 0, 8, 8);
    private static final Region.Box SECOND = new Region.Box(10, 0, 18, 8);
    private static final Region.Box THIRD = new Region.Box(4, 12, 28, 30);
    private static final Region.Box IN_THIRD = new Region.Box(6, 14, 16, 28);

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private static Mask.RunLengths pixels(Region.Box box) {
        BitSet pixels = new BitSet();
        for (int x = (int) box.x1(); x < box.x2(); x++) {
            pixels.set(x * SIDE + (int) box.y1(), x * SIDE + (int) box.y2());
        }
        return Mask.RunLengths.of(SIDE, SIDE, pixels, "", null);
    }

    private static byte[] bits(List<Region.Box> boxes) {
        byte[] bits = new byte[boxes.size() * SIDE * SIDE / 8];
        for (int object = 0; object < boxes.size(); object++) {
            Region.Box box = boxes.get(object);
            for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                int x = pixel % SIDE;
                int y = Math.floorDiv(pixel, SIDE);
                if (x >= box.x1() && x < box.x2() && y >= box.y1() && y < box.y2()) {
                    bits[(object * SIDE * SIDE + pixel) / 8] |= (byte) (1 << pixel % 8);
                }
            }
        }
        return bits;
    }

    /** One image with both objects and, as a crowd of this class, the third. */
    private Batch batch(long third) {
        List<Region.Box> boxes = List.of(FIRST, SECOND, THIRD);
        double[] sides = boxes.stream()
                .flatMapToDouble(box -> Arrays.stream(new double[] {box.x1(), box.y1(), box.x2(), box.y2()}))
                .toArray();
        long flags = DenseSamples.CROWD + DenseSamples.MASK;
        return new Batch(
                0,
                0,
                List.of(0L),
                Map.of(
                        "image", manager.zeros(new Shape(1, 3, SIDE, SIDE)),
                        "boxes", manager.create(sides, new Shape(1, 3, 4)).toType(DataType.FLOAT32, false),
                        "classes", manager.create(new long[] {0, 1, third}, new Shape(1, 3)),
                        "flags",
                                manager.create(
                                        new long[] {DenseSamples.MASK, DenseSamples.MASK, flags}, new Shape(1, 3)),
                        "masks",
                                manager.create(bits(boxes), new Shape(1, 3, SIDE * SIDE / 8))
                                        .toType(DataType.UINT8, false)));
    }

    private static FoundObject found(Region.Box box, int label, double score) {
        return new FoundObject(box, label, score, pixels(box));
    }

    /** Figures if a class is claimed in the third object. */
    private SortedMap<String, Double> figures(long third, int claimed) {
        DetectionPrecision precision = new DetectionPrecision(2, true);
        precision.add(
                List.of(new Prediction.Objects(
                        List.of(found(IN_THIRD, claimed, 0.9), found(FIRST, 0, 0.8), found(SECOND, 1, 0.7)))),
                batch(third));
        return precision.figures();
    }

    private static void assertAll(SortedMap<String, Double> figures, double expected) {
        assertThat(figures).containsOnlyKeys("boxAp", "boxAp50", "maskAp", "maskAp50");
        assertThat(figures.values()).allSatisfy(value -> assertThat(value).isCloseTo(expected, within(1e-12)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatIsHardlySeenIsIgnoredForItsOwnClassAlone(int third) {
        assertAll(figures(third, third), 1);
        assertAll(figures(third, 1 - third), 0.75);
    }

    @Test
    void anObjectOfNoneOfTheClassesIsAMistakeForEachOfThem() {
        assertAll(figures(DenseSamples.UNNAMED, 0), 0.75);
        assertAll(figures(DenseSamples.UNNAMED, 1), 0.75);
    }
}

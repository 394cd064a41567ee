package org.generalvision.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operators on boxes against their definitions, written out for one pair, in float64. */
class BoxOpsTest {
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = Engine.getEngine("PyTorch").newBaseManager();
        manager.getEngine().setRandomSeed(11);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray boxes(double... numbers) {
        return manager.create(numbers, new Shape(numbers.length / 4, 4));
    }

    /** Boxes of 3 to 13 pixels that mostly overlap. */
    private NDArray randomBoxes(int number) {
        NDArray corners = manager.randomUniform(0, 10, new Shape(number, 2), DataType.FLOAT64);
        NDArray sides = manager.randomUniform(3, 13, new Shape(number, 2), DataType.FLOAT64);
        return corners.concat(corners.add(sides), 1);
    }

    private static double[][] rows(NDArray x) {
        double[] values = x.toDoubleArray();
        int width = (int) x.getShape().get(1);
        double[][] rows = new double[(int) x.getShape().get(0)][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
        }
        return rows;
    }

    private static double overlap(double from, double to, double otherFrom, double otherTo) {
        return Math.max(0, Math.min(to, otherTo) - Math.max(from, otherFrom));
    }

    private static double iou(double[] a, double[] b) {
        double common = overlap(a[0], a[2], b[0], b[2]) * overlap(a[1], a[3], b[1], b[3]);
        double whole = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common;
        return whole == 0 ? 0 : common / whole;
    }

    private static double generalizedIou(double[] a, double[] b) {
        double common = overlap(a[0], a[2], b[0], b[2]) * overlap(a[1], a[3], b[1], b[3]);
        double union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common;
        double hull = (Math.max(a[2], b[2]) - Math.min(a[0], b[0])) * (Math.max(a[3], b[3]) - Math.min(a[1], b[1]));
        return common / union - (hull - union) / hull;
    }

    @Test
    void overlapsOfKnownBoxes() {
        NDArray a = boxes(0, 0, 10, 10, 5, 5, 5, 5);
        NDArray b = boxes(0, 0, 10, 10, 5, 0, 15, 10, 20, 20, 30, 30, 5, 5, 5, 5);
        assertThat(BoxOps.iou(a, b).toDoubleArray())
                .containsExactly(new double[] {1, 1.0 / 3, 0, 0, 0, 0, 0, 0}, within(1e-12));
        // Far apart: the hull of 30 x 30 holds two boxes of 100.
        assertThat(BoxOps.generalizedIou(a, b).get(0).toDoubleArray())
                .containsExactly(new double[] {1, 1.0 / 3, -700.0 / 900, 0}, within(1e-12));
    }

    @Test
    void overlapsOfAllPairsAreThoseOfTheDefinition() {
        NDArray a = randomBoxes(7);
        NDArray b = randomBoxes(5);
        double[][] first = rows(a);
        double[][] second = rows(b);
        double[][] ious = rows(BoxOps.iou(a, b));
        double[][] generalized = rows(BoxOps.generalizedIou(a, b));
        for (int i = 0; i < 7; i++) {
            for (int j = 0; j < 5; j++) {
                assertThat(ious[i][j]).isCloseTo(iou(first[i], second[j]), within(1e-12));
                assertThat(generalized[i][j]).isCloseTo(generalizedIou(first[i], second[j]), within(1e-12));
            }
        }
    }

    @Test
    void gradientsAreThoseOfCentralDifferences() {
        BoxCoding coding = BoxCoding.ofRegions();
        NDArray anchors = randomBoxes(4);
        pairGradient(BoxOps::iou);
        pairGradient(BoxOps::generalizedIou);
        pairGradient((a, b) -> BoxOps.encode(a, b, coding));
        NDArray offsets = manager.randomNormal(new Shape(4, 8), DataType.FLOAT64);
        GradientCheck.of(manager, List.of(offsets), () -> BoxOps.decode(offsets, anchors, coding));
    }

    private void pairGradient(BinaryOperator<NDArray> operator) {
        NDArray a = randomBoxes(4);
        NDArray b = randomBoxes(4);
        GradientCheck.of(manager, List.of(a, b), () -> operator.apply(a, b));
    }

    @Test
    void offsetsAreShiftsAndLogarithmsTimesTheirWeights() {
        NDArray anchor = boxes(10, 20, 30, 60); // 20 x 40 around (20, 40)
        NDArray box = boxes(15, 30, 55, 70); // 40 x 40 around (35, 50)
        BoxCoding coding = new BoxCoding(10, 20, 5, 3, 4);
        assertThat(BoxOps.encode(box, anchor, coding).toDoubleArray())
                .containsExactly(
                        new double[] {10 * 15.0 / 20, 20 * 10.0 / 40, 5 * Math.log(2), 3 * Math.log(1)}, within(1e-12));
    }

    @Test
    void decodingIsTheInverseOfEncoding() {
        NDArray anchors = randomBoxes(6);
        NDArray boxes = randomBoxes(6);
        for (BoxCoding coding : List.of(BoxCoding.ofProposals(), BoxCoding.ofRegions())) {
            NDArray offsets = BoxOps.encode(boxes, anchors, coding);
            assertThat(BoxOps.decode(offsets, anchors, coding).toDoubleArray())
                    .containsExactly(boxes.toDoubleArray(), within(1e-9));
            // Two classes: the second has no offset, so its box is the anchor.
            NDArray two = BoxOps.decode(offsets.concat(offsets.zerosLike(), 1), anchors, coding);
            assertThat(two.get(":, 4:").toDoubleArray()).containsExactly(anchors.toDoubleArray(), within(1e-9));
        }
    }

    @Test
    void exponentsAreLimited() {
        NDArray anchor = boxes(0, 0, 16, 16);
        NDArray decoded = BoxOps.decode(boxes(0, 0, 1000, 1000), anchor, BoxCoding.ofProposals());
        assertThat(decoded.toDoubleArray()).containsExactly(new double[] {-492, -492, 508, 508}, within(1e-9));
    }

    @Test
    void boxesEndAtTheEdgesOfTheirOwnImage() {
        NDArray boxes = manager.create(new double[] {-5, -5, 50, 50, 1, 2, 3, 4, -5, -5, 50, 50, 60, 60, 70, 70})
                .reshape(2, 2, 4);
        NDArray sizes = manager.create(new double[] {20, 40, 10, 30}, new Shape(2, 2));
        assertThat(BoxOps.clip(boxes, sizes).toDoubleArray())
                .containsExactly(0, 0, 40, 20, 1, 2, 3, 4, 0, 0, 30, 10, 30, 10, 30, 10);
    }

    @Test
    void anchorsBelongToTheTruthTheyOverlapMost() {
        NDArray truths = boxes(0, 0, 10, 10, 100, 100, 120, 120);
        NDArray anchors = boxes(
                0, 0, 10, 9, // 0.9 of the first
                0, 0, 10, 5, // 0.5 of the first
                0, 0, 10, 2, // 0.2 of the first
                100, 100, 120, 105, // 0.25 of the second, and none has more
                200, 200, 210, 210); // nothing
        assertThat(BoxOps.match(anchors, truths, 0.3, 0.7, false).toLongArray())
                .containsExactly(0, BoxOps.BETWEEN, BoxOps.BACKGROUND, BoxOps.BACKGROUND, BoxOps.BACKGROUND);
        assertThat(BoxOps.match(anchors, truths, 0.3, 0.7, true).toLongArray())
                .containsExactly(0, BoxOps.BETWEEN, BoxOps.BACKGROUND, 1, BoxOps.BACKGROUND);
    }

    @Test
    void aTruthThatNothingOverlapsIsNotGivenToEveryAnchor() {
        NDArray anchors = boxes(0, 0, 10, 10, 5, 5, 9, 9);
        NDArray truth = boxes(500, 500, 510, 510);
        assertThat(BoxOps.match(anchors, truth, 0.3, 0.7, true).toLongArray())
                .containsExactly(BoxOps.BACKGROUND, BoxOps.BACKGROUND);
    }

    @Test
    void theBestAnchorsOfEachImageAreRead() {
        NDArray scores = manager.create(new double[] {1, 3, 2, 6, 5, 4}, new Shape(2, 3));
        NDArray offsets = manager.zeros(new Shape(2, 3, 4), DataType.FLOAT64);
        NDArray anchors = boxes(0, 0, 1, 1, 0, 0, 2, 2, 0, 0, 30, 30);
        NDArray sizes = manager.create(new double[] {100, 100, 10, 20}, new Shape(2, 2));
        BoxOps.Candidates best = BoxOps.best(scores, offsets, anchors, sizes, 2, BoxCoding.ofProposals());
        assertThat(best.scores().toDoubleArray()).containsExactly(3, 2, 6, 5);
        assertThat(best.boxes().toDoubleArray())
                .containsExactly(new double[] {0, 0, 2, 2, 0, 0, 30, 30, 0, 0, 1, 1, 0, 0, 2, 2}, within(1e-12));
    }

    @Test
    void predictionsBecomeRowsOfAnchorsCellByCell() {
        Plain map = Plain.filled(i -> 1000 * i[0] + 100 * i[1] + 10 * i[2] + i[3], 2, 6, 3, 2);
        NDArray x = manager.create(map.values(), new Shape(map.shape()));
        Plain rows = Plain.of(BoxOps.anchorRows(x, 3));
        assertThat(rows.shape()).containsExactly(2, 12, 3);
        Plain expected = Plain.filled(i -> map.at(i[0], 3 * (i[1] % 2) + i[2], i[1] / 4, i[1] / 2 % 2), 2, 12, 3);
        assertThat(rows.values()).containsExactly(expected.values());
    }

    @Test
    void weightsThatAreNoneAreRefused() {
        assertThatThrownBy(() -> new BoxCoding(0, 1, 1, 1, 4)).hasMessageContaining("positive");
        assertThatThrownBy(() -> new BoxCoding(1, 1, 1, 1, Double.NaN)).hasMessageContaining("NaN");
    }
}

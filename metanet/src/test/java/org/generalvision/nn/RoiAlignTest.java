package org.generalvision.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoiAlignTest {
    /** Inside, across every edge, far outside, empty, thin, larger than the map; on images 0 and 1. */
    private static final double[] BOXES = {
        2, 3, 11, 13, //
        -6, -9, 7, 5, //
        9, 10, 40, 50, //
        100, 100, 130, 120, //
        4, 4, 4, 4, //
        3, 5, 3.5, 12, //
        -20, -20, 60, 60
    };

    private static final int[] IMAGES = {0, 1, 0, 1, 0, 1, 1};

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = Engine.getEngine("PyTorch").newBaseManager();
        manager.getEngine().setRandomSeed(5);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray map() {
        return manager.randomNormal(new Shape(2, 3, 8, 7), DataType.FLOAT64);
    }

    @Test
    void aRegionOfWholeCellsIsTheMeanOfItsSamples() {
        // A ramp that grows by 1 a column and 10 a row; bilinear reading of a ramp is exact.
        Plain ramp = Plain.filled(i -> i[3] + 10 * i[2], 1, 1, 8, 8);
        NDArray x = manager.create(ramp.values(), new Shape(ramp.shape()));
        NDArray y = new RoiAlign(2, 2, 2).forward(x, new int[1], new double[] {2, 2, 6, 6}, 1);
        // Bins of two cells around the pixel corners 3 and 5, that is 2.5 and 4.5 counted from cell centers.
        assertThat(y.toDoubleArray()).containsExactly(new double[] {27.5, 29.5, 47.5, 49.5}, within(1e-12));
        NDArray halved = new RoiAlign(1, 1, 1).forward(x, new int[1], new double[] {4, 4, 8, 8}, 0.5);
        assertThat(halved.toDoubleArray()).containsExactly(new double[] {27.5}, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 0})
    void regionsAreReadAsByTheDefinition(int samples) {
        NDArray x = map();
        NDArray y = new RoiAlign(3, 2, samples).forward(x, IMAGES, BOXES, 0.5);
        Plain expected = definition(Plain.of(x), 3, 2, samples, 0.5);
        assertThat(y.getShape().getShape()).containsExactly(7, 3, 3, 2);
        assertThat(Plain.of(y).values()).containsExactly(expected.values(), within(1e-12));
    }

    /** Every sample of every bin, each with its four corners. */
    private static Plain definition(Plain map, int height, int width, int samples, double scale) {
        return Plain.filled(
                i -> {
                    double top = BOXES[4 * i[0] + 1] * scale - 0.5;
                    double left = BOXES[4 * i[0]] * scale - 0.5;
                    double binHeight = (BOXES[4 * i[0] + 3] - BOXES[4 * i[0] + 1]) * scale / height;
                    double binWidth = (BOXES[4 * i[0] + 2] - BOXES[4 * i[0]]) * scale / width;
                    int down = samples > 0 ? samples : (int) Math.ceil(binHeight);
                    int right = samples > 0 ? samples : (int) Math.ceil(binWidth);
                    double sum = 0;
                    for (int a = 0; a < down; a++) {
                        for (int b = 0; b < right; b++) {
                            double y = top + (i[2] + (a + 0.5) / down) * binHeight;
                            double x = left + (i[3] + (b + 0.5) / right) * binWidth;
                            sum += sample(map, IMAGES[i[0]], i[1], y, x);
                        }
                    }
                    return sum / Math.max(1, down * right);
                },
                IMAGES.length,
                map.size(1),
                height,
                width);
    }

    private static double sample(Plain map, int image, int channel, double y, double x) {
        int rows = map.size(2);
        int columns = map.size(3);
        if (y < -1 || y > rows || x < -1 || x > columns) {
            return 0;
        }
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                double dy = Math.abs(Math.min(Math.max(y, 0), rows - 1) - row);
                double dx = Math.abs(Math.min(Math.max(x, 0), columns - 1) - column);
                sum += Math.max(0, 1 - dy) * Math.max(0, 1 - dx) * map.at(image, channel, row, column);
            }
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 0})
    void gradientsAreThoseOfCentralDifferences(int samples) {
        NDArray x = map();
        GradientCheck.of(manager, List.of(x), () -> new RoiAlign(3, 2, samples).forward(x, IMAGES, BOXES, 0.5));
    }

    @Test
    void layoutAndNumberFormatDoNotMatter() {
        NDArray x = map().toType(DataType.FLOAT32, false);
        RoiAlign align = new RoiAlign(7, 7, 2);
        NDArray rowMajor = align.forward(x, IMAGES, BOXES, 0.5);
        NDArray channelsLast = align.forward(Ops.channelsLast(x), IMAGES, BOXES, 0.5);
        assertThat(Ops.isChannelsLast(rowMajor)).isTrue();
        assertThat(Plain.of(channelsLast.toType(DataType.FLOAT64, false)).values())
                .containsExactly(
                        Plain.of(rowMajor.toType(DataType.FLOAT64, false)).values());
        NDArray wide = align.forward(x.toType(DataType.FLOAT64, false), IMAGES, BOXES, 0.5);
        assertThat(Plain.of(rowMajor.toType(DataType.FLOAT64, false)).values())
                .containsExactly(Plain.of(wide).values(), within(1e-5));
    }

    @Test
    void regionsThatAreNoneAreRefused() {
        NDArray x = map();
        RoiAlign align = new RoiAlign(1, 1, 1);
        assertThatThrownBy(() -> align.forward(x, new int[0], new double[0], 1)).hasMessageContaining("at least one");
        assertThatThrownBy(() -> align.forward(x, new int[1], new double[3], 1)).hasMessageContaining("1 and 3");
        assertThatThrownBy(() -> align.forward(x, new int[] {2}, new double[4], 1))
                .hasMessageContaining("image 2");
        assertThatThrownBy(() -> align.forward(x, new int[1], new double[] {0, 0, Double.NaN, 0}, 1))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> align.forward(x, new int[1], new double[] {0, 0, 1e9, 0}, 1))
                .hasMessageContaining("beyond any map");
        assertThatThrownBy(() -> align.forward(x, new int[1], new double[] {2, 0, 1, 0}, 1))
                .hasMessageContaining("x1 <= x2");
        assertThatThrownBy(() -> new RoiAlign(0, 1, 1)).hasMessageContaining("0 x 1");
    }
}

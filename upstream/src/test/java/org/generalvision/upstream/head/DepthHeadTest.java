package org.generalvision.upstream.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.upstream.amateur.Gradients;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DepthHeadTest {
    private static final TapWidths TAPS = new TapWidths(new TreeMap<>(Map.of(4, 3, 8, 5)));
    private static final DepthHead.Config CONFIG = new DepthHead.Config(List.of(4, 8), 4, 0.5, 20);
    private static final Pass TRAINING = Pass.training(Precision.FLOAT32);

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private DepthHead head() {
        DepthHead head = new DepthHead(TAPS, CONFIG);
        head.initialize(manager, DataType.FLOAT64);
        return head;
    }

    /** Maps of an image of 20 x 28 pixels. */
    private List<NDArray> maps() {
        return List.of(Gradients.normal(manager, "fine", 2, 3, 5, 7), Gradients.normal(manager, "coarse", 2, 5, 3, 4));
    }

    @Test
    void depthLiesWithinItsLimitsAndStartsInTheirMiddle() {
        DepthHead head = head();
        NDArray log = head.logDepth(maps(), 20, 28, Pass.evaluation());
        assertThat(log.getShape().getShape()).containsExactly(2, 20, 28);
        assertThat(DoubleStream.of(log.toDoubleArray()))
                .allMatch(value -> value > Math.log(0.5) && value < Math.log(20));
        head.parameters().forEach((path, parameter) -> {
            if (path.startsWith("depth.")) {
                parameter.getArray().muli(0);
            }
        });
        double middle = (Math.log(0.5) + Math.log(20)) / 2;
        assertThat(DoubleStream.of(
                        head.logDepth(maps(), 20, 28, Pass.evaluation()).toDoubleArray()))
                .allMatch(value -> Math.abs(value - middle) < 1e-12);
    }

    @Test
    void theLossIsTheDefinitionOverKnownPixels() {
        DepthHead head = head();
        double[] log = head.logDepth(maps(), 20, 28, Pass.evaluation()).toDoubleArray();
        double[] metres = new double[log.length];
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (int i = 0; i < metres.length; i++) {
            metres[i] = i % 3 == 0 ? 0 : 1 + i % 7;
            if (metres[i] > 0) {
                double d = log[i] - Math.log(metres[i]);
                sum += d;
                squares += d * d;
                count++;
            }
        }
        double expected = 10 * Math.sqrt(squares / count - 0.85 * (sum / count) * (sum / count) + 1e-8);
        NDArray truths = manager.create(metres, new Shape(2, 20, 28));
        assertThat(Gradients.scalar(head.loss(maps(), truths, Pass.evaluation())))
                .isCloseTo(expected, within(1e-10));
    }

    @Test
    void gradientsAreThoseOfCentralDifferences() {
        DepthHead head = head();
        NDArray truths = manager.zeros(new Shape(2, 20, 28), DataType.FLOAT64).add(3);
        Gradients.check(maps(), maps -> head.loss(maps, truths, TRAINING));
    }

    @Test
    void aBatchWithoutDepthTeachesNothing() {
        DepthHead head = head();
        NDArray unknown = manager.zeros(new Shape(2, 20, 28), DataType.FLOAT64);
        List<NDArray> maps = maps();
        for (NDArray gradient : Gradients.of(maps, () -> head.loss(maps, unknown, TRAINING))) {
            assertThat(DoubleStream.of(gradient.toDoubleArray())).allMatch(value -> value == 0);
        }
    }

    @Test
    void settingsWithoutMeaningAreRefused() {
        assertThatThrownBy(() -> new DepthHead.Config(List.of(8, 4), 4, 1, 2)).hasMessageContaining("rising");
        assertThatThrownBy(() -> new DepthHead.Config(List.of(), 4, 1, 2)).hasMessageContaining("rising");
        assertThatThrownBy(() -> new DepthHead.Config(List.of(4), 4, 2, 1)).hasMessageContaining("near < far");
        assertThatThrownBy(() -> new DepthHead(TAPS, new DepthHead.Config(List.of(4, 16), 4, 1, 2)))
                .hasMessageContaining("stride 16");
    }
}

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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LossOpsTest {
    private NDManager manager;

    @BeforeEach
    void open() {
        manager = Engine.getEngine("PyTorch").newBaseManager();
        manager.getEngine().setRandomSeed(3);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray normal() {
        return manager.randomNormal(new Shape(3, 4), DataType.FLOAT64);
    }

    @Test
    void smoothL1IsSquareNearZeroAndLinearBeyond() {
        NDArray x = normal();
        NDArray t = normal();
        double beta = 0.4;
        double[] a = x.toDoubleArray();
        double[] b = t.toDoubleArray();
        double expected = IntStream.range(0, a.length)
                .mapToDouble(i -> Math.abs(a[i] - b[i]))
                .map(d -> d < beta ? d * d / (2 * beta) : d - beta / 2)
                .sum();
        assertThat(LossOps.smoothL1Sum(x, t, beta).getDouble()).isCloseTo(expected, within(1e-12));
        GradientCheck.of(manager, List.of(x), () -> LossOps.smoothL1Sum(x, t, beta));
        assertThatThrownBy(() -> LossOps.smoothL1Sum(x, t, 0)).hasMessageContaining("beta");
    }

    @Test
    void binaryCrossEntropyCountsByWeight() {
        NDArray x = normal();
        NDArray t = manager.create(new double[] {1, 0, 1, 0, 0.3, 1, 1, 0, 0, 0, 1, 0}, new Shape(3, 4));
        NDArray w = manager.create(new double[] {1, 1, 0, 2, 1, 0, 0, 1, 1, 3, 1, 0}, new Shape(3, 4));
        double[] a = x.toDoubleArray();
        double[] b = t.toDoubleArray();
        double[] c = w.toDoubleArray();
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double p = Definitions.sigmoid(a[i]);
            sum -= c[i] * (b[i] * Math.log(p) + (1 - b[i]) * Math.log(1 - p));
        }
        assertThat(LossOps.binaryCrossEntropy(x, t, w).getDouble()).isCloseTo(sum / 11, within(1e-12));
        GradientCheck.of(manager, List.of(x), () -> LossOps.binaryCrossEntropy(x, t, w));
        assertThat(LossOps.binaryCrossEntropy(x, t, w.zerosLike()).getDouble()).isZero();
    }

    @Test
    void depthErrorsForgiveACommonFactor() {
        NDArray x = normal();
        double[] truths = {1, 2, 0, 4, 0, 3, 8, 0.5, 0, 0, 6, 7};
        NDArray t = manager.create(truths, new Shape(3, 4));
        double[] a = x.toDoubleArray();
        double[] d = IntStream.range(0, 12)
                .filter(i -> truths[i] > 0)
                .mapToDouble(i -> a[i] - Math.log(truths[i]))
                .toArray();
        double mean = java.util.Arrays.stream(d).average().orElseThrow();
        double square = java.util.Arrays.stream(d).map(v -> v * v).average().orElseThrow();
        assertThat(LossOps.scaleInvariantLog(x, t, 0.85, 10).getDouble())
                .isCloseTo(10 * Math.sqrt(square - 0.85 * mean * mean + 1e-8), within(1e-12));
        GradientCheck.of(manager, List.of(x), () -> LossOps.scaleInvariantLog(x, t, 0.85, 10));
        double whole = LossOps.scaleInvariantLog(x, t, 1, 1).getDouble();
        assertThat(LossOps.scaleInvariantLog(x.add(3), t, 1, 1).getDouble()).isCloseTo(whole, within(1e-12));
        assertThatThrownBy(() -> LossOps.scaleInvariantLog(x, t, 1.1, 1)).hasMessageContaining("share");
    }

    @Test
    void mapsWithoutAnyKnownDepthCostNothingAndHaveNoGradient() {
        NDArray x = normal();
        NDArray unknown = x.zerosLike();
        assertThat(LossOps.scaleInvariantLog(x, unknown, 0.85, 10).getDouble()).isCloseTo(1e-3, within(1e-12));
    }
}

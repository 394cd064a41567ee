package org.generalvision.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two looks of data over one norm: the first around 0, the second around 10 and four times as wide. */
class NormStatisticsTest {
    private final NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
    private final Unit unit = new Unit();
    private final NormStatistics first = new NormStatistics(Map.of("image", unit));
    private final NormStatistics second = new NormStatistics(Map.of("image", unit));

    private static final class Unit extends Layer {
        private final BatchNorm norm = child("norm", new BatchNorm(2));

        @Override
        public NDArray forward(NDArray x, Pass pass) {
            return norm.forward(x, pass);
        }
    }

    @BeforeEach
    void initialize() {
        manager.getEngine().setRandomSeed(3);
        unit.initialize(manager, DataType.FLOAT32);
        first.initialize(manager, DataType.FLOAT32);
        second.initialize(manager, DataType.FLOAT32);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray batch(double middle, double width) {
        return manager.randomNormal(new Shape(4, 2, 3, 3)).mul(width).add(middle);
    }

    private static float[] values(Layer layer, String path) {
        return Objects.requireNonNull(layer.parameters().get(path)).getArray().toFloatArray();
    }

    @Test
    void eachPassMovesItsOwnStatisticsAndThoseOfTheNormMoveByAll() {
        double[] own = {0, 1};
        double[] ofFirst = {0, 1};
        double[] ofSecond = {0, 1};
        for (int i = 0; i < 5; i++) {
            NDArray x = batch(0, 1);
            NDArray y = batch(10, 4);
            unit.forward(x, Pass.training(Precision.FLOAT32).withStatistics(first));
            unit.forward(y, Pass.training(Precision.FLOAT32).withStatistics(second));
            move(ofFirst, x);
            move(ofSecond, y);
            move(own, x);
            move(own, y);
        }
        assertStatistics(first, "image.norm.", ofFirst);
        assertStatistics(second, "image.norm.", ofSecond);
        assertStatistics(unit, "norm.", own);
    }

    /** Moves mean and variance of channel 1 by a batch, after the definition. */
    private static void move(double[] statistics, NDArray batch) {
        float[] x = batch.toFloatArray();
        double sum = 0;
        double squares = 0;
        for (int image = 0; image < 4; image++) {
            for (int cell = 0; cell < 9; cell++) {
                double value = x[(image * 2 + 1) * 9 + cell];
                sum += value;
                squares += value * value;
            }
        }
        double mean = sum / 36;
        statistics[0] = 0.9 * statistics[0] + 0.1 * mean;
        statistics[1] = 0.9 * statistics[1] + 0.1 * (squares - 36 * mean * mean) / 35;
    }

    private static void assertStatistics(Layer layer, String prefix, double[] expected) {
        assertThat(values(layer, prefix + "running_mean")[1]).isCloseTo((float) expected[0], within(1e-5f));
        assertThat(values(layer, prefix + "running_var")[1]).isCloseTo((float) expected[1], within(1e-4f));
    }

    @Test
    void withOneLookEverythingIsBitwiseAsWithoutStatistics() {
        Unit plain = new Unit();
        plain.initialize(manager, DataType.FLOAT32);
        for (int i = 0; i < 3; i++) {
            NDArray x = batch(1, 2);
            NDArray carried = unit.forward(x, Pass.training(Precision.FLOAT32).withStatistics(first));
            assertThat(carried.toFloatArray())
                    .isEqualTo(
                            plain.forward(x, Pass.training(Precision.FLOAT32)).toFloatArray());
        }
        for (String name : new String[] {"running_mean", "running_var"}) {
            assertThat(values(first, "image.norm." + name)).isEqualTo(values(plain, "norm." + name));
            assertThat(values(unit, "norm." + name)).isEqualTo(values(plain, "norm." + name));
        }
        NDArray x = batch(1, 2);
        assertThat(unit.forward(x, Pass.evaluation().withStatistics(first)).toFloatArray())
                .isEqualTo(plain.forward(x, Pass.evaluation()).toFloatArray());
    }

    @Test
    void anEvaluationUsesTheStatisticsOfItsPassAndMovesNothing() {
        for (int i = 0; i < 60; i++) {
            unit.forward(batch(10, 4), Pass.training(Precision.FLOAT32).withStatistics(second));
        }
        NDArray x = batch(10, 4);
        float[] before = values(second, "image.norm.running_mean");
        double mean =
                unit.forward(x, Pass.evaluation().withStatistics(second)).mean().getFloat();
        assertThat(mean).isCloseTo(0, within(0.2));
        assertThat(unit.forward(x, Pass.evaluation().withStatistics(first))
                        .mean()
                        .getFloat())
                .isGreaterThan(9);
        assertThat(values(second, "image.norm.running_mean")).isEqualTo(before);
        unit.forward(x, Pass.training(Precision.FLOAT32).withStatistics(second).rehearsing());
        assertThat(values(second, "image.norm.running_mean")).isEqualTo(before);
        first.copyOwn();
        assertThat(values(first, "image.norm.running_var")).isEqualTo(values(unit, "norm.running_var"));
    }

    @Test
    void mixedPrecisionAndGradientsAreThoseOfThePlainNorm() {
        NDArray x = Ops.toBfloat16(batch(3, 2));
        NDArray carried = unit.forward(x, Pass.training(Precision.MIXED).withStatistics(first));
        assertThat(values(first, "image.norm.running_mean")[0]).isCloseTo(0.3f, within(0.2f));
        assertThat(values(unit, "norm.running_mean")).isEqualTo(values(first, "image.norm.running_mean"));
        assertThat(values(unit, "norm.running_var")).isEqualTo(values(first, "image.norm.running_var"));
        Unit plain = new Unit();
        plain.initialize(manager, DataType.FLOAT32);
        assertThat(Ops.toFloat32(carried).toFloatArray())
                .isEqualTo(Ops.toFloat32(plain.forward(x, Pass.training(Precision.MIXED)))
                        .toFloatArray());

        NDArray leaf = batch(1, 1);
        NDArray weights = manager.randomNormal(leaf.getShape());
        assertThat(gradient(
                        unit, leaf, weights, Pass.training(Precision.FLOAT32).withStatistics(first)))
                .isEqualTo(gradient(plain, leaf, weights, Pass.training(Precision.FLOAT32)));
    }

    private static float[] gradient(Layer layer, NDArray x, NDArray weights, Pass pass) {
        JniUtils.setGradMode(true);
        try {
            NDArray leaf = x.duplicate();
            leaf.setRequiresGradient(true);
            NDArray y = layer.forward(leaf, pass);
            JniUtils.backward((PtNDArray) y, (PtNDArray) weights, false, false);
            return leaf.getGradient().toFloatArray();
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    @Test
    void keptStatisticsAreUsedInTrainingAndStay() {
        BatchNorm.keepStatistics(unit);
        NDArray x = batch(10, 4);
        NDArray y = unit.forward(x, Pass.training(Precision.FLOAT32).withStatistics(second));
        assertThat(y.mean().getFloat()).isGreaterThan(9);
        assertThat(values(second, "image.norm.running_mean")).containsExactly(0, 0);
        assertThat(values(unit, "norm.running_mean")).containsExactly(0, 0);
        assertThat(unit.parameters().get("norm.weight")).matches(p -> p.requiresGradient());
    }

    @Test
    void statisticsAreNotApplied() {
        assertThat(first.parameters()).containsOnlyKeys("image.norm.running_mean", "image.norm.running_var");
        assertThatThrownBy(() -> first.forward(batch(0, 1), Pass.evaluation())).hasMessageContaining("not applied");
    }
}

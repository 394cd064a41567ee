package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class LossesTest {
    private static final int ROUNDS = 20;

    @Test
    void theTotalIsTheWeightedSum() {
        try (NDManager manager = ComputeDevice.open("cpu")) {
            Losses losses = new Losses().add("a", 2, manager.create(3f)).add("b", 0.5, manager.create(5f));
            assertThat(losses.total().getFloat()).isEqualTo(8.5f);
            assertThatThrownBy(() -> losses.add("c", 1, manager.zeros(new Shape(2))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Loss c is not a scalar");
        }
    }

    @Test
    void lossesAreMultipliedTogetherAndKeepTheirValues() {
        try (NDManager manager = ComputeDevice.open("cpu")) {
            Losses losses = new Losses().add("a", 2, manager.create(3f)).add("b", 0.5, manager.create(5f));
            NDArray factor = manager.create(0.25f);
            Losses scaled = losses.times(3).times(factor).times(factor).add("c", 1, manager.create(7f));
            assertThat(scaled.total().getFloat()).isEqualTo(3 * 8.5f / 16 + 7);
            assertThat(scaled.terms()).extracting(t -> t.value().getFloat()).containsExactly(3f, 5f, 7f);
            assertThat(losses.total().getFloat()).isEqualTo(8.5f);
        }
    }

    /** Memory that the engine still reads must not be the collector's: see {@code Ops.scale}. */
    @Test
    void theGradientSurvivesAGarbageCollectionBetweenForwardAndBackward() throws InterruptedException {
        try (NDManager manager = ComputeDevice.open("cpu")) {
            NDArray x = manager.create(1f);
            x.setRequiresGradient(true);
            JniUtils.setGradMode(true);
            for (int round = 0; round < ROUNDS; round++) {
                JniUtils.zeroGrad((PtNDArray) x);
                NDArray total = new Losses().add("x", 3, x).total();
                System.gc();
                Thread.sleep(5); // freeing is another thread's work
                overwriteFreedMemory();
                TrainStep.backward(total, 1);
                try (NDArray gradient = x.getGradient()) {
                    assertThat(gradient.getFloat()).isEqualTo(3);
                }
            }
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    private static void overwriteFreedMemory() {
        for (int i = 0; i < 2000; i++) {
            ByteBuffer.allocateDirect(8 + i % 64).order(ByteOrder.nativeOrder()).putDouble(0, Double.NaN);
        }
    }
}

package org.generalvision.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.train.ComputeDevice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PpoLossTest {
    private static final double CLIP = 0.2;

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void valueAndGradientAreThoseOfTheDefinition(long seed) {
        RandomGenerator random = RandomStream.of(seed, 0, 0, "ppo loss");
        int rows = 1 + random.nextInt(4);
        int length = 1 + random.nextInt(5);
        double[] now = draw(random, rows * length, 0.3, -1.5);
        double[] then = draw(random, rows * length, 0.3, -1.5);
        double[] advantage = draw(random, rows * length, 1, 0);
        double[] weight = draw(random, rows, 0.2, 0.8);
        double expected = 0;
        double[] gradient = new double[now.length];
        for (int i = 0; i < now.length; i++) {
            double ratio = Math.exp(now[i] - then[i]);
            double clipped = Math.max(1 - CLIP, Math.min(1 + CLIP, ratio));
            double plain = ratio * advantage[i];
            double w = weight[i / length] / now.length;
            expected -= w * Math.min(plain, clipped * advantage[i]);
            // Where the clipped term is the smaller one it is constant.
            gradient[i] = plain <= clipped * advantage[i] ? -w * advantage[i] * ratio : 0;
        }

        try (NDManager manager = ComputeDevice.open("cpu")) {
            JniUtils.setGradMode(true);
            Shape shape = new Shape(rows, length);
            NDArray now_BT = manager.create(now, shape);
            now_BT.setRequiresGradient(true);
            PpoLoss loss = PpoLoss.of(
                    now_BT,
                    manager.create(then, shape),
                    manager.create(advantage, shape),
                    manager.create(weight, new Shape(rows, 1)),
                    CLIP);
            PtNDArray scalar = (PtNDArray) loss.loss();
            JniUtils.backward(scalar, (PtNDArray) scalar.onesLike(), false, false);
            assertThat(scalar.getDouble()).isCloseTo(expected, within(1e-12));
            assertThat(now_BT.getGradient().toDoubleArray()).containsExactly(gradient, within(1e-12));
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    private static double[] draw(RandomGenerator random, int count, double deviation, double mean) {
        return random.doubles(count)
                .map(u -> mean + deviation * 3.4 * (u - 0.5))
                .toArray();
    }
}

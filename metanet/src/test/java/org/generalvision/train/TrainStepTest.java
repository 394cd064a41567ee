package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.weights.WeightLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrainStepTest {
    private final NDManager manager = ComputeDevice.open("cpu");

    /** Least squares with a linear map, and a second map that no loss reaches. */
    private static final class LeastSquares implements Objective {
        private final Layer network;
        final Linear used = new Linear(3, 1, true, Init.normal(1));

        LeastSquares(NDManager manager) {
            JniUtils.setSeed(2);
            network = new Layer() {
                {
                    child("used", used);
                    child("unused", new Linear(2, 2));
                }

                @Override
                public NDArray forward(NDArray x, Pass pass) {
                    return used.forward(x, pass);
                }
            };
            network.initialize(manager, DataType.FLOAT32);
        }

        @Override
        public Layer model() {
            return network;
        }

        @Override
        public Losses losses(Batch batch, Pass pass) {
            NDArray error = network.forward(batch.get("x"), pass).sub(batch.get("y"));
            return new Losses().add("squares", 1, error.square().mean());
        }
    }

    @BeforeEach
    void noGraph() {
        JniUtils.setGradMode(false);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static TrainConfig config(double clipNorm, double emaDecay, List<String> freeze) {
        return new TrainConfig(
                5,
                100,
                1,
                Precision.FLOAT32,
                "cpu",
                new OptimizerConfig.Sgd(0.1, 0, false, List.of(new ParameterGroup(List.of("**"), 1, 0))),
                new Schedule.Constant(0),
                clipNorm,
                emaDecay,
                freeze,
                1,
                1,
                1,
                TrainConfig.Keep.newest(1));
    }

    private Batch batch(float[] x, float[] y) {
        return new Batch(
                0,
                0,
                List.of(0L),
                Map.of(
                        "x", manager.create(x, new Shape(y.length, 3)),
                        "y", manager.create(y, new Shape(y.length, 1))));
    }

    private Batch fullBatch() {
        return batch(new float[] {1, 2, 3, -1, 0, 2, 5, 1, 1, 0, 0, -3}, new float[] {1, 2, 3, 4});
    }

    private static Map<String, float[]> values(Objective objective) {
        Map<String, float[]> values = new TreeMap<>();
        WeightLoader.arrays(objective.model()).forEach((path, array) -> values.put(path, array.toFloatArray()));
        return values;
    }

    @Test
    void accumulatedHalvesEqualTheFullBatch() {
        LeastSquares full = new LeastSquares(manager);
        LeastSquares halves = new LeastSquares(manager);
        SortedMap<String, Double> one =
                new TrainStep(config(0, 0, List.of()), full, 0, manager).run(0, List.of(fullBatch()));
        SortedMap<String, Double> two = new TrainStep(config(0, 0, List.of()), halves, 0, manager)
                .run(
                        0,
                        List.of(
                                batch(new float[] {1, 2, 3, -1, 0, 2}, new float[] {1, 2}),
                                batch(new float[] {5, 1, 1, 0, 0, -3}, new float[] {3, 4})));
        values(full)
                .forEach((path, expected) ->
                        assertThat(Toy.at(values(halves), path)).as(path).containsExactly(expected, within(1e-5f)));
        assertThat(Toy.at(two, "loss")).isCloseTo(Toy.at(one, "loss"), within(1e-5));
        assertThat(Toy.at(two, "gradientNorm")).isCloseTo(Toy.at(one, "gradientNorm"), within(1e-4));
    }

    @Test
    void clippingScalesTheWholeGradientToTheLimit() {
        LeastSquares objective = new LeastSquares(manager);
        Map<String, float[]> before = values(objective);
        double norm = Toy.at(
                new TrainStep(config(0.5, 0, List.of()), objective, 0, manager).run(0, List.of(fullBatch())),
                "gradientNorm");
        // Plain definition: gradient of the mean square of x.w + b - y, scaled by 0.5 / (norm + 1e-6).
        double[] x = {1, 2, 3, -1, 0, 2, 5, 1, 1, 0, 0, -3};
        double[] gradient = new double[4];
        for (int i = 0; i < 4; i++) {
            double error = Toy.at(before, "used.bias")[0] - (i + 1);
            for (int j = 0; j < 3; j++) {
                error += x[3 * i + j] * Toy.at(before, "used.weight")[j];
            }
            for (int j = 0; j < 3; j++) {
                gradient[j] += 2 * error * x[3 * i + j] / 4;
            }
            gradient[3] += 2 * error / 4;
        }
        double expectedNorm = Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
        assertThat(norm).isCloseTo(expectedNorm, within(1e-4)).isGreaterThan(0.5);
        for (int j = 0; j < 3; j++) {
            assertThat((double) Toy.at(values(objective), "used.weight")[j])
                    .isCloseTo(
                            Toy.at(before, "used.weight")[j] - 0.1 * gradient[j] * 0.5 / (expectedNorm + 1e-6),
                            within(1e-6));
        }
    }

    @Test
    void aNormBelowTheLimitIsNotTouched() {
        LeastSquares clipped = new LeastSquares(manager);
        LeastSquares free = new LeastSquares(manager);
        new TrainStep(config(1e6, 0, List.of()), clipped, 0, manager).run(0, List.of(fullBatch()));
        new TrainStep(config(0, 0, List.of()), free, 0, manager).run(0, List.of(fullBatch()));
        assertThat(Toy.at(values(clipped), "used.weight")).isEqualTo(Toy.at(values(free), "used.weight"));
    }

    @Test
    void aParameterThatNoLossReachesHasAGradientOfZeros() {
        LeastSquares objective = new LeastSquares(manager);
        float[] before = Toy.at(values(objective), "unused.weight");
        TrainStep step = new TrainStep(config(0, 0, List.of()), objective, 0, manager);
        step.run(0, List.of(fullBatch()));
        assertThat(step.parameters().gradient("unused.weight").toFloatArray()).containsOnly(0);
        assertThat(Toy.at(values(objective), "unused.weight")).isEqualTo(before);
    }

    @Test
    void theAverageFollowsItsDefinitionAndWithDecayZeroEqualsTheWeights() {
        LeastSquares objective = new LeastSquares(manager);
        MovingAverage none = new MovingAverage(WeightLoader.arrays(objective.model()), 0, manager);
        TrainStep step = new TrainStep(config(0, 0.75, List.of()), objective, 0, manager);
        float[] expected = Toy.at(values(objective), "used.weight");
        for (int i = 0; i < 4; i++) {
            step.run(i, List.of(fullBatch()));
            none.update();
            float[] now = Toy.at(values(objective), "used.weight");
            for (int j = 0; j < 3; j++) {
                expected[j] = 0.75f * expected[j] + 0.25f * now[j];
            }
        }
        assertThat(Toy.at(step.state(), "average.used.weight").toFloatArray()).containsExactly(expected, within(1e-5f));
        assertThat(Toy.at(none.state(), "used.weight").toByteBuffer())
                .isEqualTo(array(objective, "used.weight").toByteBuffer());
        float[] weights = Toy.at(values(objective), "used.weight");
        step.swapAverage();
        assertThat(Toy.at(values(objective), "used.weight")).containsExactly(expected, within(1e-5f));
        step.swapAverage();
        assertThat(Toy.at(values(objective), "used.weight")).isEqualTo(weights);
    }

    private static NDArray array(Objective objective, String path) {
        return Toy.at(WeightLoader.arrays(objective.model()), path);
    }

    @Test
    void aFrozenLayerKeepsItsWeightsAndStatisticsToTheBit() {
        Toy.Method method = new Toy.Method(manager);
        TrainState state = new TrainState(Toy.config(10, 5).withFreeze(List.of("norm")), List.of(method), manager);
        Toy.Source source = new Toy.Source(4);
        Map<String, ByteBuffer> before = bytes(method);
        state.advance(List.of(source.next(manager)));
        Map<String, ByteBuffer> after = bytes(method);
        for (String name : List.of("weight", "bias", "running_mean", "running_var")) {
            assertThat(Toy.at(after, "norm." + name)).as(name).isEqualTo(Toy.at(before, "norm." + name));
            assertThat(Toy.at(after, "branchNorm." + name)).as(name).isNotEqualTo(Toy.at(before, "branchNorm." + name));
        }
    }

    private static Map<String, ByteBuffer> bytes(Objective objective) {
        Map<String, ByteBuffer> bytes = new TreeMap<>();
        WeightLoader.arrays(objective.model()).forEach((path, array) -> bytes.put(path, array.toByteBuffer()));
        return bytes;
    }

    @Test
    void aFreezePatternThatMatchesNothingIsRefused() {
        LeastSquares objective = new LeastSquares(manager);
        assertThatThrownBy(() -> new TrainState(config(0, 0, List.of("usde")), List.of(objective), manager))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("usde matches no layer")
                .hasMessageContaining("[used, unused]");
        assertThatThrownBy(() -> new TrainState(config(0, 0, List.of("**")), List.of(objective), manager))
                .hasMessageContaining("Nothing is left to train");
    }

    @Test
    void twoObjectivesMustNotTrainTheSameParameter() {
        LeastSquares objective = new LeastSquares(manager);
        assertThatThrownBy(() -> new TrainState(config(0, 0, List.of()), List.of(objective, objective), manager))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("disjoint")
                .hasMessageContaining("unused.bias");
    }

    @Test
    void twoObjectivesAreTrainedOneAfterAnotherOnTheSameBatch() {
        LeastSquares first = new LeastSquares(manager);
        LeastSquares second = new LeastSquares(manager);
        TrainState state = new TrainState(config(0, 0, List.of()), List.of(first, second), manager);
        SortedMap<String, Double> metrics = state.advance(List.of(fullBatch()));
        assertThat(metrics).containsKeys("0.loss/squares", "1.loss/squares");
        assertThat(Toy.at(values(first), "used.weight")).isEqualTo(Toy.at(values(second), "used.weight"));
        assertThat(state.weights()).containsKeys("0.used.weight", "1.used.weight");
    }

    @Test
    void mixedPrecisionTrainsCloseToFloat32() {
        LeastSquares mixed = new LeastSquares(manager);
        TrainConfig c = config(0, 0, List.of());
        TrainConfig mixedConfig = new TrainConfig(
                c.seed(),
                c.steps(),
                1,
                Precision.MIXED,
                "cpu",
                c.optimizer(),
                c.schedule(),
                0,
                0,
                List.of(),
                1,
                1,
                1,
                c.keep());
        LeastSquares full = new LeastSquares(manager);
        new TrainStep(mixedConfig, mixed, 0, manager).run(0, List.of(fullBatch()));
        new TrainStep(c, full, 0, manager).run(0, List.of(fullBatch()));
        assertThat(array(mixed, "used.weight").getDataType()).isEqualTo(DataType.FLOAT32);
        assertThat(Toy.at(values(mixed), "used.weight"))
                .containsExactly(Toy.at(values(full), "used.weight"), within(0.03f))
                .isNotEqualTo(Toy.at(values(full), "used.weight"));
    }
}

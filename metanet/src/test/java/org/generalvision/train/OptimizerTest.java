package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerTest {
    private static final int SIZE = 24;
    private static final int STEPS = 50;

    private final NDManager manager = ComputeDevice.open("cpu");

    /** Two parameters, the first with channels last in memory. */
    private static final class Pair extends Layer {
        Pair() {
            parameter(
                    "weight",
                    new Shape(2, 3, 2, 2),
                    (m, shape, type) -> Ops.channelsLast(Init.normal(1).initialize(m, shape, type)));
            parameter("bias", new Shape(SIZE), Init.normal(1));
        }

        @Override
        public NDArray forward(NDArray x, Pass pass) {
            return x;
        }
    }

    @BeforeEach
    void noGraph() {
        JniUtils.setGradMode(false);
        JniUtils.setSeed(3);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private TrainedParameters pair() {
        Pair pair = new Pair();
        pair.initialize(manager, DataType.FLOAT64);
        return TrainedParameters.of(pair, manager);
    }

    /** A gradient that is noisy and of very different size from element to element. */
    private static double[] gradient(RandomGenerator random) {
        return random.doubles(SIZE).map(u -> (u - 0.5) * Math.exp(8 * u - 6)).toArray();
    }

    private NDArray array(double[] values, NDArray like) {
        return manager.create(values, like.getShape());
    }

    @Test
    void adamWFollowsItsEquations() {
        TrainedParameters parameters = pair();
        Optimizer optimizer = new Optimizer(
                new OptimizerConfig.AdamW(
                        0.02,
                        0.9,
                        0.95,
                        1e-8,
                        List.of(
                                new ParameterGroup(List.of("weight"), 0.5, 0.1),
                                new ParameterGroup(List.of("bias"), 1, 0))),
                parameters,
                manager);
        double[] weight = parameters.array("weight").toDoubleArray();
        double[] bias = parameters.array("bias").toDoubleArray();
        RandomGenerator random = random();
        for (int t = 1; t <= STEPS; t++) {
            setGradients(parameters, gradient(random));
            optimizer.update(factor(t));
        }
        followAdamW(weight, 0.01, 0.1);
        followAdamW(bias, 0.02, 0);
        assertThat(parameters.array("weight").toDoubleArray()).containsExactly(weight, within(1e-12));
        assertThat(parameters.array("bias").toDoubleArray()).containsExactly(bias, within(1e-12));
    }

    /** Algorithm 2 of the AdamW paper, element by element, with beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8. */
    private static void followAdamW(double[] w, double rate, double decay) {
        double[] m = new double[SIZE];
        double[] v = new double[SIZE];
        RandomGenerator random = random();
        for (int t = 1; t <= STEPS; t++) {
            double[] g = gradient(random);
            for (int i = 0; i < SIZE; i++) {
                w[i] -= rate * factor(t) * decay * w[i];
                m[i] = 0.9 * m[i] + 0.1 * g[i];
                v[i] = 0.95 * v[i] + 0.05 * g[i] * g[i];
                double mHat = m[i] / (1 - Math.pow(0.9, t));
                double vHat = v[i] / (1 - Math.pow(0.95, t));
                w[i] -= rate * factor(t) * mHat / (Math.sqrt(vHat) + 1e-8);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0.9, false", "0.9, true", "0, false"})
    void gradientDescentFollowsItsEquations(double momentum, boolean nesterov) {
        TrainedParameters parameters = pair();
        OptimizerConfig config =
                new OptimizerConfig.Sgd(0.02, momentum, nesterov, List.of(new ParameterGroup(List.of("**"), 1, 0.1)));
        Optimizer optimizer = new Optimizer(config, parameters, manager);
        double[] w = parameters.array("weight").toDoubleArray();
        double[] v = new double[SIZE];
        RandomGenerator random = random();
        for (int t = 1; t <= STEPS; t++) {
            double[] g = gradient(random);
            setGradients(parameters, g);
            optimizer.update(factor(t));
            for (int i = 0; i < SIZE; i++) {
                double d = g[i] + 0.1 * w[i];
                v[i] = momentum * v[i] + d;
                w[i] -= 0.02 * factor(t) * (nesterov ? d + momentum * v[i] : v[i]);
            }
        }
        assertThat(parameters.array("weight").toDoubleArray()).containsExactly(w, within(1e-12));
    }

    private static RandomGenerator random() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(11);
    }

    private static double factor(int t) {
        return 1.0 / t;
    }

    private void setGradients(TrainedParameters parameters, double[] values) {
        for (String path : parameters.paths()) {
            NDArray gradient = parameters.gradient(path);
            Ops.copyInto(gradient, array(values, gradient));
        }
    }

    @Test
    void stateLiesInMemoryAsItsParameterDoes() {
        TrainedParameters parameters = pair();
        OptimizerConfig config =
                new OptimizerConfig.AdamW(1, 0.9, 0.9, 1e-8, List.of(new ParameterGroup(List.of("**"), 1, 0)));
        Optimizer optimizer = new Optimizer(config, parameters, manager);
        assertThat(Ops.isChannelsLast(parameters.gradient("weight"))).isTrue();
        assertThat(Ops.isChannelsLast(Toy.at(optimizer.state(), "mean.weight"))).isTrue();
        assertThat(Ops.isChannelsLast(Toy.at(optimizer.state(), "square.weight")))
                .isTrue();
    }

    /** Rosenbrock's valley: (1 - x)^2 + 100 (y - x^2)^2, least at (1, 1). */
    private static final class Valley extends Layer {
        private final Parameter point = parameter("point", new Shape(2), (m, s, t) -> m.create(new float[] {-1.2f, 1}));

        @Override
        public NDArray forward(NDArray x, Pass pass) {
            NDArray p = x.add(array(point));
            NDArray a = p.get(0);
            NDArray b = p.get(1);
            return Ops.scale(b.sub(a.square()).square(), 100)
                    .add(Ops.scale(a, -1).add(1).square());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"adamW", "sgd"})
    void findsTheBottomOfRosenbrocksValley(String kind) {
        List<ParameterGroup> groups = List.of(new ParameterGroup(List.of("**"), 1, 0));
        boolean adam = kind.equals("adamW");
        OptimizerConfig config = adam
                ? new OptimizerConfig.AdamW(0.05, 0.9, 0.999, 1e-8, groups)
                : new OptimizerConfig.Sgd(1e-3, 0.9, true, groups);
        Valley valley = new Valley();
        valley.initialize(manager, DataType.FLOAT32);
        TrainedParameters parameters = TrainedParameters.of(valley, manager);
        Optimizer optimizer = new Optimizer(config, parameters, manager);
        for (int step = 0; step < 3000; step++) {
            parameters.zeroGradients();
            JniUtils.setGradMode(true);
            try (NDManager scratch = manager.newSubManager()) {
                NDArray loss = valley.forward(scratch.zeros(new Shape(2)), Pass.training(Precision.FLOAT32));
                JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
            }
            JniUtils.setGradMode(false);
            optimizer.update(1 - step / 3000.0);
        }
        assertThat(parameters.array("point").toFloatArray()).containsExactly(new float[] {1, 1}, within(0.02f));
    }

    @Test
    void everyParameterMustBeInExactlyOneGroup() {
        List<String> paths = List.of("a.bias", "a.weight", "b.weight");
        ParameterGroup weights = new ParameterGroup(List.of("**.weight"), 1, 0.1);
        ParameterGroup a = new ParameterGroup(List.of("a.*"), 1, 0.2);
        ParameterGroup none = new ParameterGroup(List.of("c.**"), 1, 0.3);
        assertThatThrownBy(() -> Optimizer.partition(List.of(weights), paths))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a.bias is in no group")
                .hasMessageNotContaining("b.weight");
        assertThatThrownBy(() -> Optimizer.partition(List.of(weights, a, none), paths))
                .hasMessageContaining("a.weight is in several: [[**.weight], [a.*]]")
                .hasMessageContaining("[c.**] holds no parameter");
        ParameterGroup rest = new ParameterGroup(List.of("**", "!**.weight"), 1, 0);
        assertThat(Optimizer.partition(List.of(weights, rest), paths).values())
                .containsExactly(List.of("a.weight", "b.weight"), List.of("a.bias"));
    }
}

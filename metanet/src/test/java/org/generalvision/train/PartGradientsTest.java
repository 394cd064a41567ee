package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
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

class PartGradientsTest {
    private static final int IN = 3;
    private static final int WIDTH = 2;

    private final NDManager manager = ComputeDevice.open("cpu");

    /** Least squares of a linear map behind a shared one; each task has its own, and what it is stands in the batch. */
    private static final class Tasks implements Objective {
        private final Linear shared = new Linear(IN, WIDTH, true, Init.normal(1));
        private final Map<String, Linear> heads = Map.of("a", head(), "b", head(), "c", head());
        private final Layer network = new Layer() {
            {
                child("shared", shared);
                new TreeMap<>(heads).forEach(this::child);
            }

            @Override
            public NDArray forward(NDArray x, Pass pass) {
                return shared.forward(x, pass);
            }
        };

        Tasks(NDManager manager) {
            JniUtils.setSeed(2);
            network.initialize(manager, DataType.FLOAT32);
        }

        private static Linear head() {
            return new Linear(WIDTH, 1, true, Init.normal(1));
        }

        @Override
        public Layer model() {
            return network;
        }

        @Override
        public Losses losses(Batch batch, Pass pass) {
            Linear head = Toy.at(heads, part(batch));
            // The task c reads no shared map, so that it has nothing in common with the others.
            NDArray h = part(batch).equals("c") ? batch.get("x").get(":, :2") : shared.forward(batch.get("x"), pass);
            return new Losses()
                    .add(
                            "squares",
                            1,
                            head.forward(h, pass).sub(batch.get("y")).square().mean());
        }

        @Override
        public String part(Batch batch) {
            return List.of("a", "b", "c").get(batch.ids().get(0).intValue());
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

    private Batch batch(int task, float... numbers) {
        int samples = numbers.length / (IN + 1);
        NDArray both = manager.create(numbers, new Shape(samples, IN + 1));
        return new Batch(0, 0, List.of((long) task), Map.of("x", both.get(":, :3"), "y", both.get(":, 3:")));
    }

    private List<Batch> batches() {
        return List.of(
                batch(0, 1, 2, 3, 1, -1, 0, 2, 2),
                batch(1, 5, 1, 1, 3, 0, 0, -3, 4),
                batch(0, 0.5f, -2, 1, 1),
                batch(2, 1, 1, 1, 7));
    }

    private static TrainConfig config(long logEvery) {
        return new TrainConfig(
                5,
                100,
                4,
                Precision.FLOAT32,
                "cpu",
                new OptimizerConfig.Sgd(0.01, 0, false, List.of(new ParameterGroup(List.of("**"), 1, 0))),
                new Schedule.Constant(0),
                0,
                0,
                List.of(),
                logEvery,
                1,
                1,
                TrainConfig.Keep.newest(1));
    }

    private static float[] values(Tasks tasks, String path) {
        return Toy.at(WeightLoader.arrays(tasks.network), path).toFloatArray();
    }

    /** The gradient of the mean square of h.(W x + c) + d - y in plain loops: W, c, h, d one after another. */
    private static double[] gradient(Tasks tasks, String part, List<double[][]> batches, int ofBatches) {
        float[] w = values(tasks, "shared.weight");
        float[] c = values(tasks, "shared.bias");
        float[] h = values(tasks, part + ".weight");
        float d = values(tasks, part + ".bias")[0];
        double[] gradient = new double[WIDTH * IN + WIDTH + WIDTH + 1];
        for (double[][] batch : batches) {
            for (double[] sample : batch) {
                double[] z = new double[WIDTH];
                double error = d - sample[IN];
                for (int i = 0; i < WIDTH; i++) {
                    z[i] = c[i];
                    for (int j = 0; j < IN; j++) {
                        z[i] += w[i * IN + j] * sample[j];
                    }
                    error += h[i] * z[i];
                }
                double outer = 2 * error / batch.length / ofBatches;
                for (int i = 0; i < WIDTH; i++) {
                    for (int j = 0; j < IN; j++) {
                        gradient[i * IN + j] += outer * h[i] * sample[j];
                    }
                    gradient[WIDTH * IN + i] += outer * h[i];
                    gradient[WIDTH * IN + WIDTH + i] += outer * z[i];
                }
                gradient[WIDTH * IN + 2 * WIDTH] += outer;
            }
        }
        return gradient;
    }

    private static double dot(double[] x, double[] y, int first) {
        double sum = 0;
        for (int i = 0; i < first; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    @Test
    void normsAndCosinesAreThoseOfTheGradientsInPlainLoops() {
        Tasks tasks = new Tasks(manager);
        double[] a = gradient(
                tasks, "a", List.of(new double[][] {{1, 2, 3, 1}, {-1, 0, 2, 2}}, new double[][] {{0.5, -2, 1, 1}}), 4);
        double[] b = gradient(tasks, "b", List.<double[][]>of(new double[][] {{5, 1, 1, 3}, {0, 0, -3, 4}}), 4);
        SortedMap<String, Double> metrics = new TrainStep(config(1), tasks, 0, manager).backward(0, batches());
        int all = a.length;
        int common = WIDTH * IN + WIDTH;
        assertThat(Toy.at(metrics, "gradient/a")).isCloseTo(Math.sqrt(dot(a, a, all)), within(1e-5));
        assertThat(Toy.at(metrics, "gradient/b")).isCloseTo(Math.sqrt(dot(b, b, all)), within(1e-5));
        assertThat(Toy.at(metrics, "gradientCosine/a/b"))
                .isCloseTo(dot(a, b, common) / Math.sqrt(dot(a, a, common) * dot(b, b, common)), within(1e-6));
        assertThat(metrics)
                .containsKey("gradient/c")
                .doesNotContainKeys("gradientCosine/a/c", "gradientCosine/b/c", "gradientCosine/a/a");
    }

    @Test
    void onlyLoggedStepsAreMeasuredAndTheTrainingIsTheSameToTheBit() {
        Tasks measured = new Tasks(manager);
        Tasks plain = new Tasks(manager);
        TrainStep one = new TrainStep(config(1), measured, 0, manager);
        TrainStep other = new TrainStep(config(3), plain, 0, manager);
        for (int step = 0; step < 4; step++) {
            assertThat(one.run(step, batches())).containsKey("gradient/a");
            assertThat(other.run(step, batches()).containsKey("gradient/a")).isEqualTo(step == 2);
        }
        WeightLoader.arrays(measured.network)
                .forEach((path, array) -> assertThat(array.toFloatArray()).containsExactly(values(plain, path)));
    }

    @Test
    void aStepOfOneTaskIsNotMeasured() {
        TrainStep step = new TrainStep(config(1), new Tasks(manager), 0, manager);
        assertThat(step.run(0, batches().subList(0, 1))).doesNotContainKey("gradient/a");
    }

    @Test
    void nothingOfTheMeasurementOutlivesTheStep() {
        TrainStep step = new TrainStep(config(1), new Tasks(manager), 0, manager);
        step.run(0, batches());
        int before = manager.getManagedArrays().size();
        List<Batch> batches = batches();
        int given = manager.getManagedArrays().size() - before;
        step.run(1, batches);
        assertThat(manager.getManagedArrays()).hasSize(before + given);
    }
}

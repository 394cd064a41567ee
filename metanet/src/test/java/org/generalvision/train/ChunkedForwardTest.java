package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.LongStream;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Dropout;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedForwardTest {
    private static final int BATCH = 6;
    private static final int WIDTH = 5;
    private static final TrainConfig CONFIG = config(Precision.FLOAT32);

    private final NDManager manager = ComputeDevice.open("cpu");

    private static TrainConfig config(Precision precision) {
        return new TrainConfig(
                5,
                100,
                1,
                precision,
                "cpu",
                new OptimizerConfig.Sgd(0.1, 0, false, List.of(new ParameterGroup(List.of("**"), 1, 0))),
                new Schedule.Constant(0),
                0,
                0,
                List.of(),
                1,
                1,
                1,
                TrainConfig.Keep.newest(1));
    }

    @BeforeEach
    void noGraph() {
        JniUtils.setGradMode(false);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Two maps, of which the second may drop values and may normalize over the batch. */
    private static final class Towers extends Layer {
        private final Linear left = child("left", new Linear(3, WIDTH, true, Init.normal(1)));
        private final Linear right = child("right", new Linear(3, WIDTH, true, Init.normal(1)));
        private final BatchNorm norm = child("norm", new BatchNorm(WIDTH));
        private final Dropout dropout;
        private final boolean normalizes;

        Towers(double rate, boolean normalizes) {
            dropout = new Dropout(rate);
            this.normalizes = normalizes;
        }

        @Override
        public NDArray forward(NDArray x, Pass pass) {
            NDArray y = right.forward(x, pass);
            return dropout.forward(normalizes ? norm.forward(y, pass) : y, pass);
        }
    }

    /** Finding each row of the one side among all rows of the other; a third result is one that the loss does not read. */
    private static class Contrast implements ChunkedObjective {
        private final Towers towers;
        private final int chunkSize;

        Contrast(NDManager manager, double rate, boolean normalizes, int chunkSize) {
            towers = new Towers(rate, normalizes);
            this.chunkSize = chunkSize;
            JniUtils.setSeed(3);
            towers.initialize(manager, DataType.FLOAT32);
        }

        @Override
        public Towers model() {
            return towers;
        }

        @Override
        public int chunkSize() {
            return chunkSize;
        }

        @Override
        public NDList encode(Batch samples, Pass pass) {
            NDArray x = samples.get("x");
            NDArray left = towers.left.forward(x, pass);
            return new NDList(left, towers.forward(samples.get("y"), pass), Ops.scale(left, 2));
        }

        @Override
        public Losses losses(NDList encoded, Batch batch, Pass pass) {
            NDArray scores = Ops.toFloat32(encoded.get(0))
                    .matMul(Ops.toFloat32(encoded.get(1)).transpose());
            NDArray own = batch.get("x")
                    .getManager()
                    .create(LongStream.range(0, BATCH).toArray());
            return new Losses().add("contrast", 1, Ops.crossEntropy(scores, own));
        }
    }

    private Batch batch() {
        NDArray x = manager.randomNormal(0, 1, new Shape(BATCH, 3), DataType.FLOAT32);
        NDArray y = manager.randomNormal(0, 1, new Shape(BATCH, 3), DataType.FLOAT32);
        return new Batch(0, 0, LongStream.range(0, BATCH).boxed().toList(), Map.of("x", x, "y", y));
    }

    private TrainStep step(Objective objective) {
        return new TrainStep(CONFIG, objective, 0, manager);
    }

    private static void assertSameGradients(TrainStep one, TrainStep other) {
        for (String path : one.parameters().paths()) {
            assertThat(one.parameters().gradient(path).toFloatArray())
                    .as(path)
                    .containsExactly(other.parameters().gradient(path).toFloatArray(), within(1e-5f));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void lossAndGradientsAreThoseOfTheWholeBatch(int chunkSize) {
        JniUtils.setSeed(11);
        Batch batch = batch();
        TrainStep whole = step(new Contrast(manager, 0, false, BATCH));
        TrainStep chunked = step(new Contrast(manager, 0, false, chunkSize));
        SortedMap<String, Double> expected = whole.backward(0, List.of(batch));
        SortedMap<String, Double> actual = chunked.backward(0, List.of(batch));
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        assertThat(Toy.at(expected, "gradientNorm")).isGreaterThan(0.1);
        expected.forEach(
                (name, value) -> assertThat(Toy.at(actual, name)).as(name).isCloseTo(value, within(1e-5)));
        assertSameGradients(chunked, whole);
    }

    @Test
    void halvesOfAStepEachCountTheirShare() {
        JniUtils.setSeed(12);
        List<Batch> batches = List.of(batch(), batch());
        TrainStep whole = step(new Contrast(manager, 0, false, BATCH));
        TrainStep chunked = step(new Contrast(manager, 0, false, 2));
        whole.backward(0, batches);
        chunked.backward(0, batches);
        assertSameGradients(chunked, whole);
    }

    /** Results of a mixed pass are bfloat16; rounding them, and their gradients, is all that may differ. */
    @Test
    void aMixedStepIsThatOfTheWholeBatchToItsPrecision() {
        JniUtils.setSeed(14);
        Batch batch = batch();
        TrainStep whole = new TrainStep(config(Precision.MIXED), new Contrast(manager, 0, false, BATCH), 0, manager);
        TrainStep chunked = new TrainStep(config(Precision.MIXED), new Contrast(manager, 0, false, 2), 0, manager);
        double expected = Toy.at(whole.backward(0, List.of(batch)), "gradientNorm");
        double actual = Toy.at(chunked.backward(0, List.of(batch)), "gradientNorm");
        assertThat(actual).isCloseTo(expected, within(0.03 * expected));
    }

    /** What the chunks are to be one graph of: each chunk with its own draws. */
    private static final class OneGraph extends Contrast {
        private final int chunk;

        OneGraph(NDManager manager, double rate, boolean normalizes, int chunk) {
            super(manager, rate, normalizes, BATCH);
            this.chunk = chunk;
        }

        @Override
        public NDList encode(Batch samples, Pass pass) {
            NDList joined = new NDList();
            for (int begin = 0; begin < BATCH; begin += chunk) {
                JniUtils.setSeed(RandomStream.mix(RandomStream.mix(CONFIG.seed(), 0, 0, 0), begin));
                String rows = begin + ":" + (begin + chunk);
                NDList part = super.encode(
                        new Batch(
                                0,
                                0,
                                samples.ids().subList(begin, begin + chunk),
                                Map.of(
                                        "x", samples.get("x").get(rows),
                                        "y", samples.get("y").get(rows))),
                        pass);
                for (int i = 0; i < part.size(); i++) {
                    if (begin == 0) {
                        joined.add(part.get(i));
                    } else {
                        joined.set(i, NDArrays.concat(new NDList(joined.get(i), part.get(i))));
                    }
                }
            }
            return joined;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bothWalksOfAChunkMakeTheSameDrawsAndStatisticsMoveOnce(boolean normalizes) {
        JniUtils.setSeed(13);
        Batch batch = batch();
        Contrast reference = new OneGraph(manager, 0.5, normalizes, 3);
        Contrast contrast = new Contrast(manager, 0.5, normalizes, 3);
        TrainStep graph = step(reference);
        TrainStep chunked = step(contrast);
        graph.backward(0, List.of(batch));
        chunked.backward(0, List.of(batch));
        assertSameGradients(chunked, graph);
        for (String buffer : List.of("norm.running_mean", "norm.running_var")) {
            float[] moved =
                    Toy.at(reference.model().parameters(), buffer).getArray().toFloatArray();
            assertThat(Toy.at(contrast.model().parameters(), buffer).getArray().toFloatArray())
                    .isEqualTo(moved);
        }
    }
}

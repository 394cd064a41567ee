package org.generalvision.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.BatchSource;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.weights.WeightLoader;

/** A tiny method with everything that makes a resume hard: dropout, a dropped path, batch norm, and a queue. */
final class Toy {
    static final int CLASSES = 3;
    private static final int QUEUE = 8;
    private static final int WIDTH = 6;

    static {
        Engine.getEngine("PyTorch"); // loads the native library
        // Arrays this small are not worth a second thread, and threads that wait for each other slow a busy machine
        // down.
        JniUtils.setNumThreads(1);
    }

    private Toy() {}

    /** Convolution, norm, a residual branch that is dropped per sample, dropout, classifier. */
    static final class Network extends Layer {
        private final Conv2d stem =
                child("stem", new Conv2d(Conv2d.Config.of(3, WIDTH, 3).withBias()));
        private final BatchNorm norm = child("norm", new BatchNorm(WIDTH));
        private final Conv2d branch =
                child("branch", new Conv2d(Conv2d.Config.of(WIDTH, WIDTH, 3), Init.kaimingUniformFanIn()));
        private final BatchNorm branchNorm = child("branchNorm", new BatchNorm(WIDTH));
        private final Linear head = child("head", new Linear(WIDTH, CLASSES, true, Init.truncatedNormal(0.5)));

        NDArray features(NDArray x, Pass pass) {
            NDArray h = Ops.silu(norm.forward(stem.forward(x, pass), pass));
            NDArray residual = branchNorm.forward(branch.forward(h, pass), pass);
            if (pass.training()) {
                residual =
                        residual.mul(keep(x.getManager(), new Shape(h.getShape().get(0), 1, 1, 1), 0.8));
            }
            NDArray sum = h.add(residual);
            NDArray pooled = sum.reshape(sum.getShape().get(0), WIDTH, -1).mean(new int[] {2});
            return pass.training() ? pooled.mul(keep(x.getManager(), pooled.getShape(), 0.9)) : pooled;
        }

        private static NDArray keep(NDManager manager, Shape shape, double probability) {
            return manager.randomUniform(0f, 1f, shape)
                    .lt(probability)
                    .toType(DataType.FLOAT32, false)
                    .divi(probability);
        }

        @Override
        public NDArray forward(NDArray x, Pass pass) {
            return head.forward(features(x, pass), pass);
        }
    }

    static Network network(NDManager manager, long seed) {
        JniUtils.setSeed(seed);
        Network network = new Network();
        network.initialize(manager, DataType.FLOAT32);
        return network;
    }

    /** Cross-entropy, and a pull of the features towards the mean of a queue of former features. */
    static final class Method implements Objective {
        private final Network network;
        private final NDArray queue;
        private NDArray latest;

        Method(NDManager manager) {
            network = network(manager, 1);
            queue = manager.zeros(new Shape(QUEUE, WIDTH));
            latest = manager.zeros(new Shape(0, WIDTH));
        }

        @Override
        public Network model() {
            return network;
        }

        @Override
        public Losses losses(Batch batch, Pass pass) {
            NDArray features = network.features(batch.get("image"), pass);
            NDArray target = batch.get("label").oneHot(CLASSES, DataType.FLOAT32);
            NDArray logProbabilities = network.head.forward(features, pass).logSoftmax(1);
            NDArray entropy = Ops.scale(logProbabilities.mul(target).sum(), -1.0 / batch.size());
            NDArray center = queue.mean(new int[] {0});
            center.attach(features.getManager());
            NDArray pull = features.sub(center).square().mean();
            latest.close();
            latest = features.stopGradient().duplicate();
            latest.attach(queue.getManager());
            return new Losses().add("entropy", 1, entropy).add("pull", 0.1, pull);
        }

        @Override
        public void afterUpdate(long step) {
            int count = (int) latest.getShape().get(0);
            try (NDArray old = queue.get(count + ":");
                    NDArray next = latest.concat(old, 0)) {
                Ops.copyInto(queue, next);
            }
        }

        @Override
        public Buffers buffers() {
            return new Buffers(Map.of("queue", queue));
        }
    }

    /** Random images whose brightest channel is the label; batch n depends on n alone. */
    static class Source implements BatchSource {
        private final int batchSize;
        private long next;

        Source(int batchSize) {
            this.batchSize = batchSize;
        }

        @Override
        public long batchesPerEpoch() {
            return 7;
        }

        @Override
        public void seek(long batch) {
            next = batch;
        }

        @Override
        public Batch next(NDManager manager) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(1000 + next);
            float[] pixels = new float[batchSize * 3 * 64];
            long[] labels = new long[batchSize];
            List<Long> ids = new ArrayList<>();
            for (int b = 0; b < batchSize; b++) {
                labels[b] = random.nextInt(CLASSES);
                ids.add(next * batchSize + b);
                for (int i = 0; i < 192; i++) {
                    boolean bright = i / 64 == labels[b];
                    pixels[b * 192 + i] = (float) random.nextGaussian() + (bright ? 1 : 0);
                }
            }
            Batch batch = new Batch(
                    next,
                    next / batchesPerEpoch(),
                    ids,
                    Map.of(
                            "image", manager.create(pixels, new Shape(batchSize, 3, 8, 8)),
                            "label", manager.create(labels)));
            next++;
            return batch;
        }

        @Override
        public double waitSeconds() {
            return 0;
        }

        @Override
        public void close() {}
    }

    static final OptimizerConfig ADAM_W = new OptimizerConfig.AdamW(
            1e-2,
            0.9,
            0.99,
            1e-8,
            List.of(
                    new ParameterGroup(List.of("**", "!**.bias", "!{norm,branchNorm}.weight"), 1, 0.05),
                    new ParameterGroup(List.of("**.bias", "{norm,branchNorm}.weight"), 0.5, 0)));

    static TrainConfig config(long steps, long saveEvery) {
        return new TrainConfig(
                5,
                steps,
                2,
                Precision.FLOAT32,
                "cpu",
                ADAM_W,
                new Schedule.Cosine(3, 0.1),
                1,
                0.9,
                List.of(),
                1,
                5,
                saveEvery,
                TrainConfig.Keep.newest(3));
    }

    static RunDirectory directory(Path path) {
        return RunDirectory.open(path, "name: toy\n", Origin.scratch(), Map.of());
    }

    /** A value that must be there. */
    static <T> T at(Map<String, T> map, String key) {
        return Objects.requireNonNull(map.get(key), key);
    }

    /** Trains the toy method in a directory to the end. */
    static Checkpoint train(TrainConfig config, Path path) {
        return trainUntil(Long.MAX_VALUE, config, path);
    }

    /** Trains the toy method in a directory and asks it to stop after a step. */
    static Checkpoint trainUntil(long stopAfter, TrainConfig config, Path path) {
        StopRequest stop = new StopRequest();
        return train(config, path, stop, step -> {
            if (step == stopAfter) {
                stop.request();
            }
        });
    }

    static Checkpoint train(TrainConfig config, Path path, StopRequest stop, LongConsumer afterStep) {
        try (NDManager manager = ComputeDevice.open("cpu");
                RunDirectory run = directory(path)) {
            Method method = new Method(manager);
            Evaluation evaluation = step -> new TreeMap<>(Map.of("bias", (double)
                    at(WeightLoader.arrays(method.model()), "head.bias").getFloat(0)));
            return new TrainLoop(config, List.of(method), new Source(4), run, evaluation, watching(afterStep))
                    .run(stop);
        }
    }

    static Progress watching(LongConsumer afterStep) {
        return new Progress() {
            @Override
            public void begin(long firstStep, long steps) {}

            @Override
            public void step(Report report) {
                afterStep.accept(report.step());
            }

            @Override
            public void note(String message) {}

            @Override
            public void end() {}
        };
    }
}

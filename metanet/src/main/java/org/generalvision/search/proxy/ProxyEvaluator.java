package org.generalvision.search.proxy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.LabelledImages;
import org.generalvision.data.load.Loader;
import org.generalvision.data.load.Quarantine;
import org.generalvision.metanet.SearchSpace;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Pass;
import org.generalvision.search.Evaluator;
import org.generalvision.search.Outcome;
import org.generalvision.search.ProcessorTime;
import org.generalvision.search.Tokens;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.ComputeDevice;
import org.generalvision.train.Evaluation;
import org.generalvision.train.Origin;
import org.generalvision.train.Progress;
import org.generalvision.train.RunDirectory;
import org.generalvision.train.StopRequest;
import org.generalvision.train.TrainConfig;
import org.generalvision.train.TrainLoop;
import org.generalvision.train.TrainingDiverged;

/**
 * Trains a candidate for a short time through the one training loop, and measures its accuracy on held-out pictures. Every
 * candidate sees the same pictures in the same order and starts from the same seed, so that two of them differ by their
 * architecture and not by luck.
 */
public final class ProxyEvaluator implements Evaluator, AutoCloseable {
    private static final int LATENCY_WARM_UPS = 5;
    private static final int LATENCY_PASSES = 25;

    private final MetaNetSpace space;
    private final ProxyConfig config;
    private final Pictures pictures;
    private final NDManager manager;
    private final ValidationPictures validation;

    /** The open sources and their classes. */
    private record Pictures(ExampleSource train, ExampleSource validation, List<String> classes)
            implements AutoCloseable {
        static Pictures open(ProxyConfig config, Path cache) {
            ExampleSource train = config.train().open(cache);
            try {
                List<String> classes = classesOf(train);
                return new Pictures(train, config.validation().open(cache), classes);
            } catch (RuntimeException e) {
                train.close();
                throw e;
            }
        }

        private static List<String> classesOf(ExampleSource source) {
            SortedSet<String> names = new TreeSet<>();
            for (long i = 0; i < source.size(); i++) {
                names.addAll(source.get(i).labels());
            }
            if (names.size() < 2) {
                throw new IllegalArgumentException(
                        "proxy.train must have pictures of at least two labels, but has: " + names);
            }
            return List.copyOf(names);
        }

        @Override
        public void close() {
            validation.close();
            train.close();
        }
    }

    /**
     * Opens the data.
     *
     * @param space what tokens mean
     * @param folder for the list of unreadable pictures
     * @param cache folder for data that is unpacked before use
     */
    public ProxyEvaluator(SearchSpace space, ProxyConfig config, Path folder, Path cache) {
        this.config = config;
        pictures = Pictures.open(config, cache);
        NDManager opened = ComputeDevice.open(config.training().device());
        try {
            validation = new ValidationPictures(
                    pictures.validation(), format(config.validationView()), config.loader(), folder, opened);
        } catch (RuntimeException e) {
            opened.close();
            pictures.close();
            throw e;
        }
        manager = opened;
        this.space = new MetaNetSpace(space, pictures.classes().size(), config.resolution());
    }

    /** The space with costs as an evaluator would count them, without reading pictures. */
    public static MetaNetSpace space(SearchSpace space, ProxyConfig config, Path cache) {
        try (ExampleSource train = config.train().open(cache)) {
            return new MetaNetSpace(space, Pictures.classesOf(train).size(), config.resolution());
        }
    }

    private LabelledImages format(ImageView view) {
        return new LabelledImages(view, pictures.classes());
    }

    /** The space, with costs for these classes and pictures. */
    public MetaNetSpace space() {
        return space;
    }

    @Override
    public long seed() {
        return config.training().seed();
    }

    @Override
    public String settings(Effort effort) {
        return String.join(
                "\n",
                space.toString(),
                config.toString(),
                effort.name(),
                "train " + pictures.train().hash(),
                "validation " + pictures.validation().hash());
    }

    @Override
    public Outcome evaluate(Request request, Path folder, StopRequest stop) {
        ProcessorTime time = new ProcessorTime();
        JniUtils.setNumThreads(config.threads());
        TrainConfig training = training(request);
        List<Outcome.Point> curve = new ArrayList<>();
        try (NDManager own = manager.newSubManager();
                RunDirectory run =
                        RunDirectory.open(folder, space.describe(request.tokens()) + "\n", Origin.scratch(), Map.of());
                Loader loader = new Loader(
                        pictures.train(),
                        format(config.trainView()),
                        config.loader(),
                        new Quarantine(
                                folder.resolve("quarantine.jsonl"),
                                pictures.train().size(),
                                config.loader().quarantineLimit()))) {
            Backbone network = network(request.tokens(), request.seed(), own);
            Evaluation evaluation = step -> {
                double accuracy = validation.accuracy(network, Pass.evaluation(training.precision()));
                curve.add(new Outcome.Point(step, accuracy));
                return new TreeMap<>(Map.of("accuracy", accuracy));
            };
            ClassificationObjective objective = new ClassificationObjective(network, config.labelSmoothing());
            Checkpoint last =
                    new TrainLoop(training, List.of(objective), loader, run, evaluation, Progress.none()).run(stop);
            if (last.step() < training.steps()) {
                throw new CancellationException("The training was asked to stop");
            }
            return Outcome.of(curve, time.elapsed());
        } catch (TrainingDiverged e) {
            // The cause's message is the same wherever this is done again; that of the failure names a folder.
            Throwable cause = e.getCause();
            return Outcome.failed(String.valueOf((cause == null ? e : cause).getMessage()), curve, time.elapsed());
        }
    }

    private TrainConfig training(Request request) {
        long steps = request.effort() == Effort.LONGER
                ? config.longerSteps()
                : config.training().steps();
        return config.training().withSeed(request.seed()).withSteps(steps);
    }

    private Backbone network(Tokens tokens, long seed, NDManager owner) {
        Backbone network = space.build(tokens);
        JniUtils.setSeed(seed);
        network.initialize(owner, DataType.FLOAT32);
        return network;
    }

    @Override
    public double latencyMillis(Tokens tokens) {
        JniUtils.setNumThreads(config.threads());
        boolean gradMode = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try (NDManager own = manager.newSubManager()) {
            Backbone network = network(tokens, seed(), own);
            Shape picture = new Shape(1, 3, config.resolution(), config.resolution());
            double[] millis = new double[LATENCY_PASSES];
            for (int i = -LATENCY_WARM_UPS; i < LATENCY_PASSES; i++) {
                try (NDManager scratch = own.newSubManager()) {
                    NDArray image = scratch.zeros(picture);
                    long start = System.nanoTime();
                    network.forward(image, Pass.evaluation(config.training().precision()))
                            .toByteBuffer(); // waits for the device
                    millis[Math.max(0, i)] = (System.nanoTime() - start) / 1e6;
                }
            }
            Arrays.sort(millis);
            return millis[LATENCY_PASSES / 2];
        } finally {
            JniUtils.setGradMode(gradMode);
        }
    }

    @Override
    public void close() {
        manager.close();
        pictures.close();
    }
}

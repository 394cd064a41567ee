package org.generalvision.benchmark.quickstart;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.common.primitives.ImmutableLongArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import org.generalvision.benchmark.probe.Decorrelation;
import org.generalvision.benchmark.probe.FeatureCache;
import org.generalvision.benchmark.probe.LabelledFeatures;
import org.generalvision.benchmark.probe.LinearProbe;
import org.generalvision.benchmark.probe.TrainingFeatures;
import org.generalvision.benchmark.split.PercentageSplit;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.EvaluationPass;
import org.generalvision.data.load.LabelledImages;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.load.Quarantine;
import org.generalvision.metric.ConfusionMatrix;
import org.generalvision.metric.MeanInterval;
import org.generalvision.metric.Predictions;
import org.generalvision.metric.TopOneAccuracy;
import org.generalvision.train.Pace;
import org.generalvision.train.Progress;

/**
 * Linear probes on the shipped part of Fashion-MNIST: a fifth of its training split to choose shares from, all of its test
 * split to measure on.
 */
final class FashionProbe {
    /** Shares of the official 60,000 training images. */
    static final List<Double> FRACTIONS = List.of(0.01, 0.1, 0.2);

    static final List<Long> SEEDS = List.of(0L, 1L, 2L);

    /** What part of the official training split is shipped. */
    private static final double SHIPPED = 0.2;

    private final ExampleSource train;
    private final ExampleSource test;
    private final LoaderConfig loader;
    private final Path directory;
    private final Watch watch;
    private final List<PercentageSplit.Item> items = new ArrayList<>();
    private final List<String> classes;

    /**
     * @param directory for the features and the list of unreadable images
     * @param watch who is told how it goes, and may end it
     */
    FashionProbe(ExampleSource train, ExampleSource test, LoaderConfig loader, Path directory, Watch watch) {
        this.train = train;
        this.test = test;
        this.loader = loader;
        this.directory = directory;
        this.watch = watch;
        SortedSet<String> names = new TreeSet<>();
        for (long i = 0; i < train.size(); i++) {
            Example example = train.get(i);
            items.add(new PercentageSplit.Item(example.id(), example.labels().get(0)));
            names.add(example.labels().get(0));
        }
        classes = List.copyOf(names);
    }

    /** Names of the classes by class number. */
    List<String> classes() {
        return classes;
    }

    /**
     * How images become features.
     *
     * @param name for people
     * @param weights hash of the weights and what is read of the network, or a name where there are none
     * @param view how an image is made
     * @param map normalized images (B, 3, H, W) to (B, D)
     * @param readouts what of the features is probed
     */
    record Features(String name, String weights, ImageView view, ImageMap map, List<Readout> readouts) {}

    /** From images to features. */
    interface ImageMap {
        NDArray of(NDArray images);
    }

    /**
     * Some columns of features, which are probed by themselves.
     *
     * @param name for people
     * @param columns how many of the last columns, 0 for all
     * @param axes how many principal axes of the columns over the training images are kept at most
     * @param standardized whether each column is divided by its deviation over the training images
     * @param headline whether it is the main readout of its features
     */
    record Readout(String name, int columns, int axes, boolean standardized, boolean headline) {
        NDArray of(NDArray features) {
            long width = features.getShape().get(1);
            return features.get(":, {}:", columns == 0 ? 0 : width - columns);
        }
    }

    /**
     * Accuracies of one kind of features at one share.
     *
     * @param accuracies one for each seed, from 0 to 1
     * @param lastPredictions of the last seed, on the test split
     */
    record Cell(double fraction, List<Double> accuracies, Predictions lastPredictions) {
        MeanInterval interval() {
            return MeanInterval.of(
                    accuracies.stream().mapToDouble(Double::doubleValue).toArray());
        }

        ConfusionMatrix confusion() {
            return ConfusionMatrix.of(lastPredictions);
        }

        /** Whether every seed has the same images. */
        boolean isWholePool() {
            return fraction >= SHIPPED;
        }
    }

    /** All shares for one readout of {@code width} columns. */
    record Row(Readout readout, int width, List<Cell> cells) {
        String name() {
            return readout.name();
        }
    }

    /** A row for each readout. */
    List<Row> measure(Features features, NDManager owner) {
        try (NDManager manager = owner.newSubManager()) {
            LabelledFeatures trainFeatures = features(features, "training", train, manager);
            LabelledFeatures testFeatures = features(features, "test", test, manager);
            List<Row> rows = new ArrayList<>();
            for (Readout readout : features.readouts()) {
                rows.add(row(readout, trainFeatures, testFeatures, manager));
            }
            return rows;
        }
    }

    private Row row(Readout readout, LabelledFeatures trainAll, LabelledFeatures testAll, NDManager owner) {
        try (NDManager manager = owner.newSubManager()) {
            LabelledFeatures pool = columns(readout, trainAll, manager);
            Decorrelation axes = readout.standardized()
                    ? Decorrelation.ofStandardized(pool, readout.axes(), manager)
                    : Decorrelation.of(pool, readout.axes(), manager);
            LabelledFeatures turned = axes.turn(pool, manager);
            LabelledFeatures held = axes.turn(columns(readout, testAll, manager), manager);
            List<Cell> cells = new ArrayList<>();
            for (double fraction : FRACTIONS) {
                Cell cell = cell(fraction, turned, held, manager);
                cells.add(cell);
                watch.say("probe of %s, %.0f %% of the training images: %.2f %% of the test images right"
                        .formatted(
                                readout.name(),
                                100 * fraction,
                                100 * cell.interval().mean()));
            }
            return new Row(readout, pool.width(), cells);
        }
    }

    private static LabelledFeatures columns(Readout readout, LabelledFeatures all, NDManager owner) {
        NDArray columns = readout.of(all.features());
        columns.attach(owner);
        return new LabelledFeatures(columns, all.labels());
    }

    private Cell cell(double fraction, LabelledFeatures pool, LabelledFeatures held, NDManager owner) {
        List<Double> accuracies = new ArrayList<>();
        List<Predictions> predictions = new ArrayList<>();
        for (long seed : SEEDS) {
            watch.check();
            try (NDManager manager = owner.newSubManager()) {
                int[] share = new PercentageSplit(fraction / SHIPPED, seed).select(items);
                LinearProbe probe = new LinearProbe(seed, TrainingFeatures.Form.UNCORRELATED);
                predictions.add(probe.fit(pool.rows(share, manager)).predict(held));
                accuracies.add(TopOneAccuracy.of(predictions.get(predictions.size() - 1)));
            }
        }
        return new Cell(fraction, accuracies, predictions.get(predictions.size() - 1));
    }

    private LabelledFeatures features(Features features, String split, ExampleSource source, NDManager owner) {
        FeatureCache.Key key = new FeatureCache.Key(
                features.weights(), source.hash(), features.view().toString());
        String task = "features of " + features.name() + ", " + split + " images";
        return new FeatureCache(directory.resolve("features"))
                .get(key, owner, () -> compute(features, task, source, owner));
    }

    private LabelledFeatures compute(Features features, String task, ExampleSource source, NDManager owner) {
        Quarantine quarantine =
                new Quarantine(directory.resolve("quarantine-probe.jsonl"), source.size(), loader.quarantineLimit());
        NDList rows = new NDList();
        LongStream.Builder labels = LongStream.builder();
        Progress progress = watch.progress(task);
        long batches = (source.size() + loader.batchSize() - 1) / loader.batchSize();
        progress.begin(0, batches);
        try (EvaluationPass pass =
                EvaluationPass.over(source, new LabelledImages(features.view(), classes), loader, quarantine)) {
            Pace pace = new Pace(0, batches, 0, System::nanoTime);
            for (long done = 1; pass.hasNext(); done++) {
                watch.check();
                try (NDManager step = owner.newSubManager()) {
                    Batch batch = pass.next(step);
                    // A copy: what is only another view of the images lies on memory that the loader uses again.
                    NDArray row = features.map().of(batch.get("image")).duplicate();
                    row.attach(owner);
                    rows.add(row);
                    LongStream.of(batch.get("label").toLongArray()).forEach(labels);
                    progress.step(pace.report(done, batch.size(), pass.waitSeconds(), Collections.emptySortedMap()));
                }
            }
        } finally {
            progress.end();
        }
        NDArray all = NDArrays.concat(rows, 0);
        rows.close();
        return new LabelledFeatures(all, ImmutableLongArray.copyOf(labels.build()));
    }

    /** Who watches the probes. */
    interface Watch {
        /** Who watches a pass over images. */
        Progress progress(String task);

        /** A result. */
        void say(String line);

        /**
         * Asks whether to go on.
         *
         * @throws CancellationException if not
         */
        void check();
    }
}

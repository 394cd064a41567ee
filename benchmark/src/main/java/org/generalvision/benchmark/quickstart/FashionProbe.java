package org.generalvision.benchmark.quickstart;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.common.primitives.ImmutableLongArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.generalvision.benchmark.probe.FeatureCache;
import org.generalvision.benchmark.probe.LabelledFeatures;
import org.generalvision.benchmark.probe.LinearProbe;
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
    private final List<PercentageSplit.Item> items = new ArrayList<>();
    private final List<String> classes;

    /**
     * @param directory for the features and the list of unreadable images
     */
    FashionProbe(ExampleSource train, ExampleSource test, LoaderConfig loader, Path directory) {
        this.train = train;
        this.test = test;
        this.loader = loader;
        this.directory = directory;
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
     * @param weights hash of the weights, or a name where there are none
     * @param view how an image is made
     * @param map normalized images (B, 3, H, W) to (B, D)
     */
    record Features(String name, String weights, ImageView view, ImageMap map) {}

    /** From images to features. */
    interface ImageMap {
        NDArray of(NDArray images);
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
    }

    /** All shares for one kind of features. */
    record Row(String name, int width, List<Cell> cells) {}

    Row measure(Features features, NDManager owner, Consumer<String> say) {
        try (NDManager manager = owner.newSubManager()) {
            LabelledFeatures trainFeatures = features(features, train, manager);
            LabelledFeatures testFeatures = features(features, test, manager);
            List<Cell> cells = new ArrayList<>();
            for (double fraction : FRACTIONS) {
                cells.add(cell(fraction, trainFeatures, testFeatures, manager));
                say.accept("probe %s, %.0f %%: %.2f %%"
                        .formatted(
                                features.name(),
                                100 * fraction,
                                100 * cells.get(cells.size() - 1).interval().mean()));
            }
            return new Row(features.name(), trainFeatures.width(), cells);
        }
    }

    private Cell cell(double fraction, LabelledFeatures all, LabelledFeatures held, NDManager owner) {
        List<Double> accuracies = new ArrayList<>();
        List<Predictions> predictions = new ArrayList<>();
        for (long seed : SEEDS) {
            try (NDManager manager = owner.newSubManager()) {
                int[] share = new PercentageSplit(fraction / SHIPPED, seed).select(items);
                predictions.add(
                        new LinearProbe(seed).fit(all.rows(share, manager)).predict(held));
                accuracies.add(TopOneAccuracy.of(predictions.get(predictions.size() - 1)));
            }
        }
        return new Cell(fraction, accuracies, predictions.get(predictions.size() - 1));
    }

    private LabelledFeatures features(Features features, ExampleSource source, NDManager owner) {
        FeatureCache.Key key = new FeatureCache.Key(
                features.weights(), source.hash(), features.view().toString());
        return new FeatureCache(directory.resolve("features")).get(key, owner, () -> compute(features, source, owner));
    }

    private LabelledFeatures compute(Features features, ExampleSource source, NDManager owner) {
        Quarantine quarantine =
                new Quarantine(directory.resolve("quarantine-probe.jsonl"), source.size(), loader.quarantineLimit());
        NDList rows = new NDList();
        LongStream.Builder labels = LongStream.builder();
        try (EvaluationPass pass =
                EvaluationPass.over(source, new LabelledImages(features.view(), classes), loader, quarantine)) {
            while (pass.hasNext()) {
                try (NDManager step = owner.newSubManager()) {
                    Batch batch = pass.next(step);
                    // A copy: what is only another view of the images lies on memory that the loader uses again.
                    NDArray row = features.map().of(batch.get("image")).duplicate();
                    row.attach(owner);
                    rows.add(row);
                    LongStream.of(batch.get("label").toLongArray()).forEach(labels);
                }
            }
        }
        NDArray all = NDArrays.concat(rows, 0);
        rows.close();
        return new LabelledFeatures(all, ImmutableLongArray.copyOf(labels.build()));
    }
}

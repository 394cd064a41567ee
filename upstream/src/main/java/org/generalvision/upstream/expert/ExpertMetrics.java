package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.EvaluationPass;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.load.Quarantine;
import org.generalvision.nn.Pass;
import org.generalvision.train.Evaluation;

/** Measures every head on the held-out data of its data set; figures have the data set's name before theirs. */
record ExpertMetrics(List<ExpertDataSet> dataSets, HeadedNetwork network, LoaderConfig loader, Pass pass, Places places)
        implements Evaluation {

    /**
     * Where things lie.
     *
     * @param run run directory, for the lists of unreadable samples
     * @param cache folder for data that is unpacked before use
     * @param manager parent of the steps' managers
     */
    record Places(Path run, Path cache, NDManager manager) {}

    @Override
    public SortedMap<String, Double> evaluate(long step) {
        SortedMap<String, Double> metrics = new TreeMap<>();
        for (ExpertDataSet set : dataSets) {
            measure(set).forEach((name, value) -> {
                if (Double.isFinite(value)) { // a figure of which nothing was measured is left out
                    metrics.put(set.name() + "/" + name, value);
                }
            });
        }
        return metrics;
    }

    private SortedMap<String, Double> measure(ExpertDataSet set) {
        return measure(set, network.head(set.name()));
    }

    private <P extends Prediction> SortedMap<String, Double> measure(ExpertDataSet set, TaskHead<P> head) {
        TaskHead.Measurement<P> measurement = head.measure();
        try (ExampleSource source = set.heldOut().open(places.cache());
                EvaluationPass images = EvaluationPass.over(
                        source,
                        annotated(source, set),
                        set.task().format(set.heldOutView()),
                        loader,
                        quarantine(source, set))) {
            while (images.hasNext()) {
                try (NDManager scratch = places.manager().newSubManager()) {
                    Batch batch = images.next(scratch);
                    Features features = network.features(set.name(), batch.get("image"), pass);
                    measurement.add(head.predict(features, batch), batch);
                }
            }
        }
        return measurement.figures();
    }

    private static long[] annotated(ExampleSource source, ExpertDataSet set) {
        Vocabulary vocabulary = set.task().vocabulary();
        long[] annotated = LongStream.range(0, source.size())
                .filter(i -> vocabulary.measures(source.get(i)))
                .toArray();
        if (annotated.length == 0) {
            throw new IllegalArgumentException(
                    "No held-out example of %s is annotated for its task; name other data".formatted(set.name()));
        }
        return annotated;
    }

    private Quarantine quarantine(ExampleSource source, ExpertDataSet set) {
        Path unreadable = places.run().resolve("quarantine-held-out-" + set.name() + ".jsonl");
        return new Quarantine(unreadable, source.size(), loader.quarantineLimit());
    }
}

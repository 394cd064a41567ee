package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.EvaluationPass;
import org.generalvision.data.load.ImageTextSamples;
import org.generalvision.data.load.LabelledImages;
import org.generalvision.data.load.Quarantine;
import org.generalvision.data.load.SampleFormat;
import org.generalvision.data.text.Synonyms;
import org.generalvision.data.text.TextAugmentation;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.metric.MeanPerClassAccuracy;
import org.generalvision.metric.Predictions;
import org.generalvision.metric.TopOneAccuracy;
import org.generalvision.nn.Pass;
import org.generalvision.train.Evaluation;
import org.generalvision.upstream.amateur.ImageTextEvaluation.RetrievalTask;
import org.generalvision.upstream.amateur.ImageTextEvaluation.ZeroShotTask;

/** Measures a model as a recipe says. */
public record ImageTextMetrics(
        ImageTextEvaluation config, ImageTextModel model, Tokenizer tokenizer, Pass pass, Places places)
        implements Evaluation {

    /**
     * Where things lie.
     *
     * @param run run directory, for the list of unreadable samples
     * @param cache folder for data that is unpacked before use
     * @param manager parent of the steps' managers
     */
    public record Places(Path run, Path cache, NDManager manager) {}

    @Override
    public SortedMap<String, Double> evaluate(long step) {
        SortedMap<String, Double> metrics = new TreeMap<>();
        for (ZeroShotTask task : config.zeroShot()) {
            Predictions predictions = predictions(task);
            metrics.put("zeroShot/" + task.name() + "/top1", TopOneAccuracy.of(predictions));
            metrics.put("zeroShot/" + task.name() + "/meanPerClass", MeanPerClassAccuracy.of(predictions));
        }
        for (RetrievalTask task : config.retrieval()) {
            retrieval(task)
                    .recalls()
                    .forEach((name, value) -> metrics.put("retrieval/" + task.name() + "/" + name, value));
        }
        return metrics;
    }

    private Predictions predictions(ZeroShotTask task) {
        ZeroShot zeroShot = new ZeroShot(model, tokenizer, pass);
        List<String> labels = List.copyOf(task.classes().keySet());
        List<String> names = List.copyOf(task.classes().values());
        try (ExampleSource source = task.data().open(places.cache());
                EvaluationPass images = EvaluationPass.over(
                        source,
                        labelled(source, task),
                        new LabelledImages(config.view(), labels),
                        config.loader(),
                        quarantine(source, "zeroShot-" + task.name()));
                NDManager scratch = places.manager().newSubManager()) {
            return zeroShot.predict(images, zeroShot.classes(names, task.templates(), scratch));
        }
    }

    private Retrieval retrieval(RetrievalTask task) {
        SampleFormat format = new ImageTextSamples(
                List.of(config.view()),
                List.of(TextAugmentation.NONE),
                Synonyms.NONE,
                tokenizer,
                model.contextLength());
        try (ExampleSource source = task.data().open(places.cache());
                EvaluationPass pairs = EvaluationPass.over(
                        source, format, config.loader(), quarantine(source, "retrieval-" + task.name()))) {
            return Retrieval.of(model, pairs, pass, places.manager());
        }
    }

    /** The examples that have one of the task's labels. */
    private static long[] labelled(ExampleSource source, ZeroShotTask task) {
        long[] labelled = LongStream.range(0, source.size())
                .filter(i -> source.get(i).labels().stream().anyMatch(task.classes()::containsKey))
                .toArray();
        if (labelled.length == 0) {
            throw new IllegalArgumentException("No example of the zero-shot task %s has one of its labels %s"
                    .formatted(task.name(), task.classes().keySet()));
        }
        return labelled;
    }

    private Quarantine quarantine(ExampleSource source, String task) {
        Path unreadable = places.run().resolve("quarantine-" + task + ".jsonl");
        return new Quarantine(unreadable, source.size(), config.loader().quarantineLimit());
    }
}

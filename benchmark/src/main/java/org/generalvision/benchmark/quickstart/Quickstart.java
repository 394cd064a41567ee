package org.generalvision.benchmark.quickstart;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.generalvision.benchmark.export.Release;
import org.generalvision.benchmark.stage.Trained;
import org.generalvision.benchmark.stage.Training;
import org.generalvision.benchmark.stage.Trainings;
import org.generalvision.data.augment.Background;
import org.generalvision.data.augment.CenterCrop;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Normalize;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.source.ExampleData;
import org.generalvision.data.source.StarterCorpus;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.nn.Backbone;
import org.generalvision.report.Cards;
import org.generalvision.report.Gallery;
import org.generalvision.train.Progress;
import org.generalvision.train.StopRequest;
import org.generalvision.upstream.amateur.ImageTextModel;

/**
 * The main job, stage by stage. Stages that are complete are not run again, so it can be interrupted at any time and
 * continued by starting it again with the same directory.
 */
public final class Quickstart {
    static final String AMATEUR = "amateur-desk";
    static final String CLIP = "clip-desk";

    private final Path out;
    private final Function<String, Progress> progress;
    private final Consumer<String> say;
    private final StopRequest stop;
    private final int engineThreads;
    private final Times times;
    private final Trainings trainings;

    /**
     * @param out where everything is written
     * @param overrides keys of both recipes with other values, for a shorter run
     * @param progress who watches the training of a recipe
     * @param say who hears of results
     * @param stop how the job is ended early
     * @param engineThreads of the tensor engine, or 0 for as many as it was started with
     */
    public Quickstart(
            Path out,
            List<String> overrides,
            Function<String, Progress> progress,
            Consumer<String> say,
            StopRequest stop,
            int engineThreads) {
        this.out = out;
        this.progress = progress;
        this.say = say;
        this.stop = stop;
        this.engineThreads = engineThreads;
        times = new Times(out.resolve("times.json"));
        trainings = new Trainings(out, overrides, progress, stop);
    }

    /**
     * Runs what is not yet done.
     *
     * @return the first sentence of the page, or nothing if it was stopped before the end
     */
    public String run() {
        Engine.getEngine("PyTorch"); // has to be there before it is asked for its threads
        int threads = JniUtils.getNumThreads();
        if (engineThreads > 0) {
            JniUtils.setNumThreads(engineThreads);
        }
        try {
            return stages();
        } catch (CancellationException e) {
            return "";
        } finally {
            JniUtils.setNumThreads(threads);
        }
    }

    private String stages() {
        Pretrained amateur = times.measure("pretrain " + AMATEUR, () -> pretrain(AMATEUR));
        check();
        List<TaskModel> models = new TaskStages(trainings, times).run(training(AMATEUR));
        TaskTable tasks = new TaskTable(models);
        tasks.lines().forEach(say);
        Pretrained clip = times.measure("pretrain " + CLIP, () -> pretrain(CLIP));
        check();
        boolean gradients = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try (NDManager manager = NDManager.newBaseManager()) {
            TitleScores titles = times.measure("held-out titles", () -> titles(amateur, clip, manager));
            times.measure("release", () -> release(amateur));
            ProbeTable probes = times.measure("probe", () -> probe(amateur, clip, manager));
            Gallery found = times.measure("retrieve", () -> found(amateur, manager));
            Cards seen = times.measure("draw", () -> DrawnPredictions.of(models, cache(), manager));
            QuickstartReport report =
                    new QuickstartReport(amateur, clip, titles, probes, found, tasks, seen, times.seconds());
            report.page().write(out.resolve("report.html"));
            say.accept("of the training time %.2f %% was spent waiting for data".formatted(100 * report.dataWait()));
            return report.lead();
        } finally {
            JniUtils.setGradMode(gradients);
        }
    }

    private void check() {
        if (stop.requested()) {
            throw new CancellationException("The quickstart was stopped");
        }
    }

    private static Training training(String recipe) {
        return Training.of(recipe, recipe);
    }

    private Pretrained pretrain(String name) {
        Trained trained = trainings.done(training(name));
        return new Pretrained(name, trained.recipe(), trained.checkpoint(), trained.directory());
    }

    private Path cache() {
        return trainings.cache();
    }

    private TitleScores titles(Pretrained amateur, Pretrained clip, NDManager manager) {
        ExampleData test = new ExampleData.Starter("clipart-test");
        Map<String, SortedMap<String, Double>> metrics = new LinkedHashMap<>();
        for (Pretrained run : List.of(amateur, clip)) {
            metrics.put(run.name(), run.measure(test, cache(), manager));
        }
        TitleScores scores = new TitleScores(metrics);
        scores.lines().forEach(say);
        return scores;
    }

    private ProbeTable probe(Pretrained amateur, Pretrained clip, NDManager manager) {
        try (ExampleSource train = StarterCorpus.open("fashion-train", cache());
                ExampleSource test = StarterCorpus.open("fashion-test", cache())) {
            FashionProbe probe =
                    new FashionProbe(train, test, amateur.evaluation().loader(), out, new ProbeWatch());
            List<FashionProbe.Row> rows = new ArrayList<>();
            for (FashionProbe.Features features : List.of(
                    trained(amateur, manager), trained(clip, manager), untrained(amateur, manager), rawPixels())) {
                rows.addAll(probe.measure(features, manager));
            }
            return new ProbeTable(rows, probe.classes());
        }
    }

    private static FashionProbe.Features trained(Pretrained run, NDManager manager) {
        Backbone backbone = backbone(run, manager);
        return network(run.name(), sha256(run.checkpoint().model()), run, backbone);
    }

    private static FashionProbe.Features untrained(Pretrained run, NDManager manager) {
        String weights = "untrained " + run.modelConfig() + " seed "
                + run.recipe().train().seed();
        return network("the untrained network", weights, run, run.untrained(manager));
    }

    private static FashionProbe.Features network(String name, String weights, Pretrained run, Backbone backbone) {
        int pooled = backbone.featureWidth();
        return new FashionProbe.Features(
                name,
                weights + " " + TapFeatures.description(),
                run.evaluation().view(),
                new TapFeatures(backbone),
                List.of(
                        new FashionProbe.Readout(name, 0, TapFeatures.AXES, true, true),
                        new FashionProbe.Readout(
                                name + ", pooled feature alone", pooled, TapFeatures.AXES, true, false)));
    }

    /** The 784 gray values, of which the loader gives three equal copies. */
    private static FashionProbe.Features rawPixels() {
        ImageView view = new ImageView(
                new CenterCrop(28, 28),
                List.of(),
                new Normalize(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0)),
                Background.WHITE);
        return new FashionProbe.Features(
                "raw pixels",
                "none",
                view,
                images -> images.get(":, 0").reshape(images.getShape().get(0), -1),
                List.of(new FashionProbe.Readout("raw pixels", 0, 28 * 28, false, true)));
    }

    private static Backbone backbone(Pretrained run, NDManager manager) {
        try (Tokenizer tokenizer = run.tokenizer()) {
            ImageTextModel model = run.model(tokenizer.vocabularySize(), manager);
            return model.image();
        }
    }

    /** The image network under the zoo's own names, so that {@code gv zoo forward} and others can load it. */
    private Path release(Pretrained run) {
        Path directory = out.resolve("released");
        if (!Files.exists(directory)) {
            Release.Card card = new Release(run.checkpoint(), Release.Format.backbone, null).write(directory);
            say.accept("released %s in %s".formatted(card.network(), directory));
        }
        return directory;
    }

    private Gallery found(Pretrained run, NDManager manager) {
        try (ExampleSource held = StarterCorpus.open("clipart-test", cache())) {
            return FoundPictures.of(run, held, manager);
        }
    }

    private static String sha256(Path file) {
        try {
            return MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /** Passes on what the probes say and ask. */
    private final class ProbeWatch implements FashionProbe.Watch {
        @Override
        public Progress progress(String task) {
            return progress.apply(task);
        }

        @Override
        public void say(String line) {
            say.accept(line);
        }

        @Override
        public void check() {
            Quickstart.this.check();
        }
    }
}

package org.generalvision.upstream.amateur.local;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.Loader;
import org.generalvision.data.load.Quarantine;
import org.generalvision.data.propose.ProposalStore;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.nn.Pass;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.ComputeDevice;
import org.generalvision.train.RunDirectory;
import org.generalvision.train.StageRun;
import org.generalvision.train.TrainConfig;
import org.generalvision.train.TrainLoop;
import org.generalvision.upstream.amateur.ImageTextData;
import org.generalvision.upstream.amateur.ImageTextEvaluation;
import org.generalvision.upstream.amateur.ImageTextMetrics;
import org.generalvision.upstream.amateur.ImageTextModel;
import org.generalvision.upstream.head.TapWidths;

/**
 * Up-A-L: how the local stage is run.
 *
 * @param data images to train on
 * @param model towers of the global stage's checkpoint
 * @param objective of the stage
 * @param evaluation of images and texts
 * @param regions evaluation of regions
 * @param train how it is trained
 */
public record LocalTraining(
        LocalData data,
        ImageTextModel.Config model,
        LocalConfig objective,
        ImageTextEvaluation evaluation,
        RegionEvaluation regions,
        TrainConfig train) {
    public LocalTraining {
        ImageTextData.requireResolution("evaluation.view", evaluation.view(), model.resolution());
        TapWidths taps = TapWidths.of(ImageTextModel.backbone(model), model.resolution());
        taps.of(objective.network().strides());
        taps.of(regions.stride());
        int coarsest = taps.channels().lastKey();
        for (ImageView view : data.views().all()) {
            if (Math.min(view.crop().height(), view.crop().width()) < coarsest) {
                throw new IllegalArgumentException(
                        "The sides of data.views must be at least %d pixels, the largest stride of %s: %d x %d"
                                .formatted(
                                        coarsest,
                                        model.image(),
                                        view.crop().height(),
                                        view.crop().width()));
            }
        }
    }

    /** Trains, or continues. */
    public Checkpoint run(StageRun stage) {
        LocalStart start = new LocalStart(stage.directory(), stage.origin());
        start.require();
        try (ExampleSource source = data.train().open(stage.cache());
                ProposalStore proposals = data.proposals(source, stage.cache());
                RunDirectory directory = RunDirectory.open(
                        stage.directory(),
                        stage.recipe(),
                        start.rest(),
                        stage.origin().facts(stage.directory(), Map.of("data.train", source.hash())));
                Tokenizer tokenizer = start.tokenizer();
                NDManager manager = ComputeDevice.open(train.device());
                Loader loader = loader(source, proposals, directory.path())) {
            LocalModel network = new LocalModel(model, objective.network(), tokenizer.vocabularySize());
            JniUtils.setSeed(train.seed());
            network.initialize(manager, DataType.FLOAT32);
            start.load(network);
            LocalObjective method = new LocalObjective(network, model, objective, train.steps(), manager);
            ImageTextMetrics.Places places = new ImageTextMetrics.Places(directory.path(), stage.cache(), manager);
            LocalMetrics metrics = metrics(method, tokenizer, places);
            return new TrainLoop(train, List.of(method), loader, directory, metrics, stage.progress())
                    .run(stage.stop());
        }
    }

    private LocalMetrics metrics(LocalObjective method, Tokenizer tokenizer, ImageTextMetrics.Places places) {
        Pass pass = Pass.evaluation(train.precision());
        return new LocalMetrics(
                method,
                new ImageTextMetrics(evaluation, method.model(), tokenizer, pass, places),
                new RegionMetrics(
                        regions, data, evaluation.loader(), method.model().image(), pass, places));
    }

    private Loader loader(ExampleSource source, ProposalStore proposals, Path directory) {
        Quarantine quarantine = new Quarantine(
                directory.resolve("quarantine.jsonl"),
                source.size(),
                data.loader().quarantineLimit());
        return new Loader(source, data.samples(proposals), data.loader(), quarantine);
    }
}

package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.Loader;
import org.generalvision.data.load.Quarantine;
import org.generalvision.data.text.Synonyms;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.ComputeDevice;
import org.generalvision.train.Evaluation;
import org.generalvision.train.Objective;
import org.generalvision.train.RunDirectory;
import org.generalvision.train.StageRun;
import org.generalvision.train.TrainConfig;
import org.generalvision.train.TrainLoop;
import org.generalvision.weights.DurableFile;

/**
 * What DeCLIP and CLIP have in common when they are run: data, vocabulary, evaluation and the loop.
 *
 * @param data pairs to train on
 * @param model towers
 * @param evaluation what is measured
 * @param train how it is trained
 */
public record ImageTextTraining(
        ImageTextData data, ImageTextModel.Config model, ImageTextEvaluation evaluation, TrainConfig train) {
    /** The vocabulary's file in a run directory. */
    public static final String TOKENIZER = "tokenizer.json";

    public ImageTextTraining {
        data.requireResolution(model.resolution());
        ImageTextData.requireResolution("evaluation.view", evaluation.view(), model.resolution());
    }

    /** Trains DeCLIP. */
    public Checkpoint amateur(AmateurConfig config, StageRun run) {
        data.requireViews(2);
        data.requireChunks(config.chunkSize());
        return run(run, (tokenizer, samples, manager) -> {
            config.requireFits(samples, data.loader().batchSize());
            AmateurModel network = initialized(new AmateurModel(model, config, tokenizer.vocabularySize()), manager);
            return new AmateurObjective(network, config, tokenizer, train.seed(), Replicas.alone(), manager);
        });
    }

    /** Trains CLIP. */
    public Checkpoint clip(ClipConfig config, StageRun run) {
        data.requireViews(1);
        data.requireChunks(config.chunkSize());
        return run(run, (tokenizer, samples, manager) -> {
            ImageTextModel network = initialized(new ImageTextModel(model, tokenizer.vocabularySize()), manager);
            return new ClipObjective(network, config, Replicas.alone());
        });
    }

    /** Makes a method's objective once the vocabulary is known. */
    private interface Method {
        Objective objective(Tokenizer tokenizer, long samples, NDManager manager);
    }

    private <L extends Layer> L initialized(L network, NDManager manager) {
        JniUtils.setSeed(train.seed());
        network.initialize(manager, DataType.FLOAT32);
        return network;
    }

    private Checkpoint run(StageRun stage, Method method) {
        Synonyms synonyms = data.openSynonyms();
        try (ExampleSource source = data.train().open(stage.cache());
                RunDirectory directory = RunDirectory.open(
                        stage.directory(),
                        stage.recipe(),
                        stage.origin(),
                        stage.origin().facts(stage.directory(), data.provenance(source)));
                Tokenizer tokenizer = tokenizer(directory.path(), source);
                NDManager manager = ComputeDevice.open(train.device());
                Loader loader = loader(source, synonyms, tokenizer, directory.path())) {
            Objective objective = method.objective(tokenizer, source.size(), manager);
            Evaluation metrics = new ImageTextMetrics(
                    evaluation,
                    (ImageTextModel) objective.model(),
                    tokenizer,
                    Pass.evaluation(train.precision()),
                    new ImageTextMetrics.Places(directory.path(), stage.cache(), manager));
            return new TrainLoop(train, List.of(objective), loader, directory, metrics, stage.progress())
                    .run(stage.stop());
        }
    }

    /** The vocabulary of the run: once it is in the run directory, that one. */
    private Tokenizer tokenizer(Path directory, ExampleSource source) {
        Path file = directory.resolve(TOKENIZER);
        if (Files.exists(file)) {
            return Tokenizer.open(file);
        }
        Tokenizer opened = data.tokenizer().open(source);
        DurableFile.write(file, opened.json());
        return opened;
    }

    private Loader loader(ExampleSource source, Synonyms synonyms, Tokenizer tokenizer, Path directory) {
        Quarantine quarantine = new Quarantine(
                directory.resolve("quarantine.jsonl"),
                source.size(),
                data.loader().quarantineLimit());
        return new Loader(
                source, data.samples(synonyms, tokenizer, model.text().contextLength()), data.loader(), quarantine);
    }
}

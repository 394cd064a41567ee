package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.Loader;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.load.Quarantine;
import org.generalvision.data.load.TakingTurns;
import org.generalvision.nn.Pass;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.ComputeDevice;
import org.generalvision.train.Origin;
import org.generalvision.train.RunDirectory;
import org.generalvision.train.StageRun;
import org.generalvision.train.TrainConfig;
import org.generalvision.train.TrainLoop;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.WeightLoader;
import org.jspecify.annotations.Nullable;

/**
 * Up-E: how an expert is run.
 *
 * @param model shared part
 * @param dataSets one head each, with different names
 * @param loader batches and threads of training, for each data set
 * @param evaluation batches and threads of the evaluation
 * @param train how it is trained
 */
public record ExpertTraining(
        ExpertModel.Config model,
        List<ExpertDataSet> dataSets,
        LoaderConfig loader,
        LoaderConfig evaluation,
        TrainConfig train) {
    public ExpertTraining {
        dataSets = List.copyOf(dataSets);
        long names = dataSets.stream().map(ExpertDataSet::name).distinct().count();
        if (dataSets.isEmpty() || names != dataSets.size()) {
            throw new IllegalArgumentException("dataSets must be at least one, with different names: "
                    + dataSets.stream().map(ExpertDataSet::name).toList());
        }
    }

    /** Trains the expert, or continues. The origin's weights to begin with are an Amateur's, or another expert's. */
    public Checkpoint run(StageRun stage) {
        Origin origin = stage.origin();
        List<ExampleSource> sources = new ArrayList<>();
        try (NDManager manager = ComputeDevice.open(train.device())) {
            SortedMap<String, String> hashes = new TreeMap<>();
            for (ExpertDataSet set : dataSets) {
                ExampleSource source = set.train().open(stage.cache());
                sources.add(source);
                hashes.put("data." + set.name(), source.hash());
            }
            ExpertModel network = new ExpertModel(model, dataSets, train.seed());
            JniUtils.setSeed(train.seed());
            network.initialize(manager, DataType.FLOAT32);
            loadTower(network, origin.initializeFrom());
            // Weights to begin with have been taken; the loop itself would ask for those of the heads too.
            Origin rest = new Origin(origin.resumeFrom(), null, origin.replay());
            try (RunDirectory directory =
                            RunDirectory.open(stage.directory(), stage.recipe(), rest, Map.copyOf(hashes));
                    TakingTurns batches = batches(sources, directory.path())) {
                ExpertMetrics metrics = new ExpertMetrics(
                        dataSets,
                        network,
                        evaluation,
                        Pass.evaluation(train.precision()),
                        new ExpertMetrics.Places(directory.path(), stage.cache(), manager));
                return new TrainLoop(
                                train,
                                List.of(new ExpertObjective(network)),
                                batches,
                                directory,
                                metrics,
                                stage.progress())
                        .run(stage.stop());
            }
        } finally {
            sources.forEach(ExampleSource::close);
        }
    }

    /** Only the image tower is taken: an Amateur has no heads of these data sets, and an expert those of others. */
    private static void loadTower(ExpertModel network, @Nullable Path origin) {
        if (origin == null) {
            return;
        }
        String prefix = ExpertModel.IMAGE + ".";
        SortedMap<String, NDArray> tower = new TreeMap<>();
        WeightLoader.arrays(network.image()).forEach((path, array) -> tower.put(prefix + path, array));
        Path file = Files.isDirectory(origin) ? Checkpoint.open(origin).model() : origin;
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            WeightLoader.load(tower, weights, name -> !name.startsWith(prefix));
        }
    }

    private TakingTurns batches(List<ExampleSource> sources, Path directory) {
        List<TakingTurns.Member> members = new ArrayList<>();
        for (int i = 0; i < dataSets.size(); i++) {
            ExpertDataSet set = dataSets.get(i);
            ExampleSource source = sources.get(i);
            Quarantine quarantine = new Quarantine(
                    directory.resolve("quarantine-" + set.name() + ".jsonl"), source.size(), loader.quarantineLimit());
            Loader own = new Loader(source, set.task().format(set.view()), loader, quarantine);
            members.add(new TakingTurns.Member(set.name(), set.weight(), own));
        }
        return new TakingTurns(members);
    }
}

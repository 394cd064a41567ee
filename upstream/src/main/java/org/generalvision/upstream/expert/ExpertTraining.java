package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.StageRun;
import org.generalvision.train.TrainConfig;
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
 * @param train how it is trained; {@code accumulation} is a whole number of rounds of the data sets' weights
 */
public record ExpertTraining(
        ExpertModel.Config model,
        List<ExpertDataSet> dataSets,
        LoaderConfig loader,
        LoaderConfig evaluation,
        TrainConfig train) {
    public ExpertTraining {
        dataSets = HeadTraining.distinct(dataSets);
    }

    /** Trains the expert, or continues. The origin's weights to begin with are an Amateur's, or another expert's. */
    public Checkpoint run(StageRun stage) {
        ExpertModel network = new ExpertModel(model, dataSets, train.seed());
        return new HeadTraining(dataSets, loader, evaluation, train).run(stage, network, (weights, manager) -> {
            loadTower(network, weights);
            return List.of(new ExpertObjective(network));
        });
    }

    /**
     * Gives a network the image tower of other weights, and nothing else: an Amateur has no heads of these data sets, and an expert
     * those of others.
     *
     * @param origin a checkpoint, a run directory or a safetensors file, or null to change nothing
     * @throws IllegalArgumentException if its tower is another network
     */
    public static void loadTower(ExpertModel network, @Nullable Path origin) {
        if (origin == null) {
            return;
        }
        String prefix = ExpertModel.IMAGE + ".";
        SortedMap<String, NDArray> tower = new TreeMap<>();
        WeightLoader.arrays(network.image()).forEach((path, array) -> tower.put(prefix + path, array));
        Path file = Files.isDirectory(origin) ? Checkpoint.open(origin).model() : origin;
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            if (weights.names().stream().noneMatch(name -> name.startsWith(prefix))) {
                throw new IllegalArgumentException(
                        "%s has no image tower, no tensor whose name begins with %s: begin with a checkpoint of an Amateur or of another expert"
                                .formatted(origin, prefix));
            }
            WeightLoader.load(tower, weights, name -> !name.startsWith(prefix));
        }
        network.startNorms();
    }
}

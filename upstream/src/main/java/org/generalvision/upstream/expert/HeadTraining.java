package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.Apportionment;
import org.generalvision.data.load.Loader;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.load.Quarantine;
import org.generalvision.data.load.TakingTurns;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.ComputeDevice;
import org.generalvision.train.Objective;
import org.generalvision.train.Origin;
import org.generalvision.train.RunDirectory;
import org.generalvision.train.StageRun;
import org.generalvision.train.TrainConfig;
import org.generalvision.train.TrainLoop;
import org.jspecify.annotations.Nullable;

/**
 * How heads are trained over what they share, whatever that is: data sets in turns, measured on held-out data.
 *
 * @param dataSets one head each, with different names
 * @param loader batches and threads of training, for each data set
 * @param evaluation batches and threads of the evaluation
 * @param train how it is trained; {@code accumulation} is a whole number of rounds of the data sets' weights
 */
public record HeadTraining(
        List<ExpertDataSet> dataSets, LoaderConfig loader, LoaderConfig evaluation, TrainConfig train) {
    public HeadTraining {
        dataSets = distinct(dataSets);
        requireWholeRounds(dataSets, train.accumulation());
    }

    /**
     * Every step must see every data set. Else the optimizer's momentum and decay would move heads without a gradient, and their
     * shares would change from step to step.
     */
    private static void requireWholeRounds(List<ExpertDataSet> dataSets, int accumulation) {
        long round =
                new Apportionment(dataSets.stream().map(ExpertDataSet::weight).toList()).period();
        if (accumulation % round != 0) {
            throw new IllegalArgumentException(
                    "train.accumulation is %d, but each step must see every data set: the weights %s make a round of %d batches, so"
                                    .formatted(accumulation, weights(dataSets), round)
                            + " set it to %d or a multiple of that, or choose other weights".formatted(round));
        }
    }

    private static Map<String, Long> weights(List<ExpertDataSet> dataSets) {
        Map<String, Long> weights = new LinkedHashMap<>();
        dataSets.forEach(set -> weights.put(set.name(), set.weight()));
        return weights;
    }

    /** The data sets, if there is one and all have different names. */
    static List<ExpertDataSet> distinct(List<ExpertDataSet> dataSets) {
        long names = dataSets.stream().map(ExpertDataSet::name).distinct().count();
        if (dataSets.isEmpty() || names != dataSets.size()) {
            throw new IllegalArgumentException("dataSets must be at least one, with different names: "
                    + dataSets.stream().map(ExpertDataSet::name).toList());
        }
        return List.copyOf(dataSets);
    }

    /** What a stage does with its network before it trains. */
    @FunctionalInterface
    public interface Start {
        /**
         * Takes weights to begin with.
         *
         * @param weights a checkpoint, a run directory or a safetensors file, or null for a start from scratch
         * @param manager owner of the network's arrays
         * @return what is trained
         */
        List<Objective> from(@Nullable Path weights, NDManager manager);
    }

    /**
     * Trains a network, or continues.
     *
     * @param network with a head for each data set, not yet initialized
     */
    public Checkpoint run(StageRun stage, HeadedNetwork network, Start start) {
        return run(stage, network, start, Map.of());
    }

    /**
     * Trains a network, or continues.
     *
     * @param network with a head for each data set, not yet initialized
     * @param facts for the provenance, beside the hashes of the data
     */
    public Checkpoint run(StageRun stage, HeadedNetwork network, Start start, Map<String, String> facts) {
        requireBatches(network);
        Origin origin = stage.origin();
        List<ExampleSource> sources = new ArrayList<>();
        try (NDManager manager = ComputeDevice.open(train.device())) {
            SortedMap<String, String> hashes = new TreeMap<>(facts);
            for (ExpertDataSet set : dataSets) {
                sources.add(open(set, stage, hashes));
            }
            JniUtils.setSeed(train.seed());
            network.layer().initialize(manager, DataType.FLOAT32);
            List<Objective> objectives = start.from(origin.initializeFrom(), manager);
            // Weights to begin with have been taken; the loop itself would ask for those of the heads too.
            Origin rest = new Origin(origin.resumeFrom(), null, origin.replay());
            try (RunDirectory directory = RunDirectory.open(
                            stage.directory(), stage.recipe(), rest, origin.facts(stage.directory(), hashes));
                    TakingTurns batches = batches(sources, directory.path())) {
                ExpertMetrics metrics = new ExpertMetrics(
                        dataSets,
                        network,
                        evaluation,
                        Pass.evaluation(train.precision()),
                        new ExpertMetrics.Places(directory.path(), stage.cache(), manager));
                return new TrainLoop(train, objectives, batches, directory, metrics, stage.progress())
                        .run(stage.stop());
            }
        } finally {
            sources.forEach(ExampleSource::close);
        }
    }

    /** Refuses batches too small for a head that is trained; of one that is frozen, even in part, its layers know better. */
    private void requireBatches(HeadedNetwork network) {
        for (ExpertDataSet set : dataSets) {
            int least = set.task().leastBatch();
            if (loader.batchSize() < least && !isFrozen(network.head(set.name()).layer(), network)) {
                throw new IllegalArgumentException(("loader.batchSize must be at least %d, since the head of %s takes"
                                + " statistics over the images of a batch; make batches larger, or freeze the head: %d")
                        .formatted(least, set.name(), loader.batchSize()));
            }
        }
    }

    /** Whether the recipe freezes a layer, something below it, or something that it is in. */
    private boolean isFrozen(Layer layer, HeadedNetwork network) {
        Map<String, Layer> all = network.layer().layers();
        return all.entrySet().stream()
                .filter(entry -> train.freezes(entry.getKey()))
                .map(Map.Entry::getValue)
                .anyMatch(frozen ->
                        layer.layers().containsValue(frozen) || frozen.layers().containsValue(layer));
    }

    /** The training data of a head, if they fit it. */
    private static ExampleSource open(ExpertDataSet set, StageRun stage, Map<String, String> hashes) {
        ExampleSource source = set.train().open(stage.cache());
        boolean fits = false;
        try {
            DataSurvey survey = DataSurvey.of(set.task().vocabulary(), source);
            survey.require(set.name());
            if (!survey.missing().isEmpty()) {
                stage.progress().note(survey.report(set.name()));
            }
            hashes.put("data." + set.name(), source.hash());
            String labels = set.task().hash();
            if (!labels.isEmpty()) {
                hashes.put("labels." + set.name(), labels);
            }
            fits = true;
            return source;
        } finally {
            if (!fits) {
                source.close();
            }
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

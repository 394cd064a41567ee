package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.train.Checkpoint;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.WeightLoader;

/**
 * A trained network with heads, opened to be read: frozen, its weights loaded.
 *
 * @param checkpoint where it comes from
 * @param network frozen; its arrays belong to the manager that it was opened with
 * @param dataSets what its heads were trained on, as its recipe says
 * @param pass how it is walked: an evaluation in the precision of its training
 */
public record HeadedCheckpoint(Checkpoint checkpoint, HeadedNetwork network, List<ExpertDataSet> dataSets, Pass pass) {
    public HeadedCheckpoint {
        dataSets = List.copyOf(dataSets);
    }

    /** Opens checkpoints of whichever stages end with a network with heads. */
    @FunctionalInterface
    public interface Opener {
        /**
         * Opens a checkpoint.
         *
         * @param path its directory, or a run directory for its newest one
         * @param manager owner of the network's arrays
         * @throws IllegalArgumentException if it is damaged, or its stage makes no network with heads
         */
        HeadedCheckpoint open(Path path, NDManager manager);
    }

    /**
     * Loads a network that has not been initialized.
     *
     * @throws IllegalArgumentException listing what differs, if the checkpoint is of another network
     */
    public static HeadedCheckpoint load(
            Checkpoint checkpoint,
            HeadedNetwork network,
            List<ExpertDataSet> dataSets,
            Precision precision,
            NDManager manager) {
        return load(checkpoint, network, dataSets, precision, manager, name -> false);
    }

    /**
     * Loads a network that has not been initialized.
     *
     * @param others names of tensors of the checkpoint that the network has no use for
     * @throws IllegalArgumentException listing what differs, if the checkpoint is of another network
     */
    public static HeadedCheckpoint load(
            Checkpoint checkpoint,
            HeadedNetwork network,
            List<ExpertDataSet> dataSets,
            Precision precision,
            NDManager manager,
            Predicate<String> others) {
        Layer layer = network.layer();
        layer.initialize(manager, DataType.FLOAT32);
        try (SafetensorsFile weights = SafetensorsFile.open(checkpoint.model())) {
            WeightLoader.load(layer, weights, others);
        }
        layer.freeze(true);
        return new HeadedCheckpoint(checkpoint, network, dataSets, Pass.evaluation(precision));
    }
}

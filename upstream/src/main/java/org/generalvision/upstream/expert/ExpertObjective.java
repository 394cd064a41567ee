package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import java.util.HashMap;
import java.util.Map;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.TakingTurns;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;
import org.generalvision.train.Losses;
import org.generalvision.train.Objective;

/** Each batch is of one data set and gives gradients to what that data set's head reads, and to that head alone. */
public final class ExpertObjective implements Objective {
    private final HeadedNetwork network;

    public ExpertObjective(HeadedNetwork network) {
        this.network = network;
    }

    @Override
    public Layer model() {
        return network.layer();
    }

    /** The losses, under the name of the data set. */
    @Override
    public Losses losses(Batch batch, Pass pass) {
        String first = batch.arrays().keySet().iterator().next();
        String name = first.substring(0, first.indexOf(TakingTurns.SEPARATOR));
        Map<String, NDArray> arrays = new HashMap<>();
        batch.arrays().forEach((key, array) -> arrays.put(key.substring(name.length() + 1), array));
        Batch own = new Batch(batch.step(), batch.epoch(), batch.ids(), arrays);
        Losses losses = new Losses();
        network.head(name).addLosses(network.features(name, own.get("image"), pass), own, name + "/", losses);
        return losses;
    }
}

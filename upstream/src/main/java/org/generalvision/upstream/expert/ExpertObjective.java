package org.generalvision.upstream.expert;

import org.generalvision.data.load.Batch;
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
        DataSetBatch of = DataSetBatch.of(batch);
        String name = of.dataSet();
        Batch own = of.own();
        Losses losses = new Losses();
        network.head(name).addLosses(network.features(name, own.get("image"), pass), own, name + "/", losses);
        return losses;
    }
}

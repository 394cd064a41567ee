package org.generalvision.upstream.generalist;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;
import org.generalvision.train.Losses;
import org.generalvision.train.Objective;
import org.generalvision.upstream.expert.DataSetBatch;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.ExpertObjective;
import org.generalvision.upstream.expert.Features;
import org.generalvision.upstream.expert.HeadedNetwork;
import org.generalvision.upstream.expert.TaskHead;
import org.generalvision.upstream.head.MapsLayer;

/**
 * A network with heads together with the balance of its losses: the network's children under their own names, and {@code balance}.
 * With one backbone for all heads (hard sharing) these are the names of an expert.
 */
public final class Generalist extends MapsLayer implements HeadedNetwork {
    private final HeadedNetwork network;
    private final LossBalance.Scales balance;

    /**
     * A generalist that is not yet initialized.
     *
     * @param network with a head for each data set
     */
    public Generalist(HeadedNetwork network, LossBalance balance, List<ExpertDataSet> dataSets) {
        this.network = network;
        childrenOf(network.layer());
        this.balance = child(
                "balance",
                balance.over(dataSets.stream().map(ExpertDataSet::name).toList()));
    }

    @Override
    public Layer layer() {
        return this;
    }

    @Override
    public TaskHead<?> head(String dataSet) {
        return network.head(dataSet);
    }

    @Override
    public Features features(String dataSet, NDArray images, Pass pass) {
        return network.features(dataSet, images, pass);
    }

    /** What is trained: each batch is of one data set, whose losses count as the balance says. */
    Objective objective() {
        ExpertObjective unbalanced = new ExpertObjective(this);
        return new Objective() {
            @Override
            public Layer model() {
                return Generalist.this;
            }

            @Override
            public Losses losses(Batch batch, Pass pass) {
                return balance.weigh(part(batch), unbalanced.losses(batch, pass));
            }

            @Override
            public String part(Batch batch) {
                return DataSetBatch.of(batch).dataSet();
            }
        };
    }
}

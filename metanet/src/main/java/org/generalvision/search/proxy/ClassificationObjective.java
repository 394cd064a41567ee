package org.generalvision.search.proxy;

import org.generalvision.data.load.Batch;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.train.Losses;
import org.generalvision.train.Objective;

/** Cross entropy of a classifier on the arrays {@code image} and {@code label}. */
final class ClassificationObjective implements Objective {
    private static final long IGNORED = -100;

    private final Backbone network;
    private final double smoothing;

    /**
     * @param smoothing share of the target that is spread evenly over all classes
     */
    ClassificationObjective(Backbone network, double smoothing) {
        this.network = network;
        this.smoothing = smoothing;
    }

    @Override
    public Backbone model() {
        return network;
    }

    @Override
    public Losses losses(Batch batch, Pass pass) {
        return new Losses()
                .add(
                        "crossEntropy",
                        1,
                        Ops.crossEntropy(
                                network.forward(Ops.channelsLast(batch.get("image")), pass),
                                batch.get("label"),
                                IGNORED,
                                smoothing));
    }
}

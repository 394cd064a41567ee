package org.generalvision.nn;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/** Adds up multiply-adds and activation elements while a network is walked with arrays that have no storage. */
final class Tally {
    private final List<Cost.Stage> stages = new ArrayList<>();
    private long macs;
    private long activations;
    private long markedMacs;
    private long markedActivations;

    /** Notes one operator. */
    void add(long macs, Shape output) {
        this.macs += macs;
        this.activations += output.size();
    }

    /** Ends a stage: what was added since the last mark belongs to it. */
    void mark(String name, Shape output) {
        stages.add(new Cost.Stage(name, output, macs - markedMacs, activations - markedActivations));
        markedMacs = macs;
        markedActivations = activations;
    }

    Cost cost(long parameters, Shape output) {
        return new Cost(parameters, macs, activations, output, List.copyOf(stages));
    }
}

package org.generalvision.nn;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Adds up multiply-adds and activation elements while a network is walked with arrays that have no storage. */
final class Tally {
    private final List<Cost.Stage> stages = new ArrayList<>();
    private final Set<Layer> visited = Collections.newSetFromMap(new IdentityHashMap<>());
    private long parameters;
    private long macs;
    private long activations;
    private long markedParameters;
    private long markedMacs;
    private long markedActivations;

    /** Notes that the present stage uses the parameters which a layer itself owns; a shared layer counts once. */
    void visit(Layer layer) {
        if (visited.add(layer)) {
            parameters += layer.ownTrainableElements();
        }
    }

    /** Notes one operator. */
    void add(long macs, Shape output) {
        this.macs += macs;
        this.activations += output.size();
    }

    /** Ends a stage: what was added since the last mark belongs to it. */
    void mark(String name, Shape output) {
        stages.add(new Cost.Stage(
                name, output, parameters - markedParameters, macs - markedMacs, activations - markedActivations));
        markedParameters = parameters;
        markedMacs = macs;
        markedActivations = activations;
    }

    Cost cost(long parameters, Shape output) {
        return new Cost(parameters, macs, activations, output, List.copyOf(stages));
    }
}

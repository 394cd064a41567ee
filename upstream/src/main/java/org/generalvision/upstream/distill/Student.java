package org.generalvision.upstream.distill;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;
import org.generalvision.upstream.expert.ExpertModel;
import org.generalvision.upstream.expert.Features;
import org.generalvision.upstream.expert.HeadedNetwork;
import org.generalvision.upstream.expert.TaskHead;
import org.generalvision.upstream.head.MapsLayer;

/**
 * An expert that learns from a teacher: its children under the names that they have in an expert, and {@code adapters.NAME} for each
 * data set, which are trained and saved with it, and are no part of what is released.
 */
final class Student extends MapsLayer implements HeadedNetwork {
    private final ExpertModel expert;
    private final Map<String, Adapters> adapters;

    /**
     * A student that is not yet initialized. The expert comes first, so that it starts with the weights that it would start with
     * alone.
     */
    Student(ExpertModel expert, Map<String, Adapters> adapters) {
        this.expert = expert;
        this.adapters = Map.copyOf(adapters);
        childrenOf(expert);
        child(Distillation.ADAPTERS, new ByDataSet(adapters));
    }

    private static final class ByDataSet extends MapsLayer {
        ByDataSet(Map<String, Adapters> adapters) {
            adapters.forEach(this::child);
        }
    }

    ExpertModel expert() {
        return expert;
    }

    Adapters adapters(String dataSet) {
        Adapters own = adapters.get(dataSet);
        if (own == null) {
            throw new IllegalStateException("There are no adapters for " + dataSet);
        }
        return own;
    }

    @Override
    public Layer layer() {
        return this;
    }

    @Override
    public TaskHead<?> head(String dataSet) {
        return expert.head(dataSet);
    }

    @Override
    public Features features(String dataSet, NDArray images, Pass pass) {
        return expert.features(dataSet, images, pass);
    }
}

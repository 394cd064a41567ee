package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Running statistics of the batch norms of some layers, beside the norms' own: one such set for each data set lets data of
 * different looks share weights without sharing means and variances (domain-specific batch normalization, arXiv 1906.03950, with
 * weight and bias in common). A pass carries them by {@link Pass#withStatistics}.
 *
 * <p>It is a layer so that they are part of a checkpoint, under the paths of the norms: {@code image.stem.norm.running_mean}.
 */
public final class NormStatistics extends Layer {
    private final IdentityHashMap<BatchNorm, Entry> entries = new IdentityHashMap<>();

    /**
     * Statistics that are not yet initialized; they start at mean 0 and variance 1 as those of a new norm.
     *
     * @param layers whose norms are meant, by the names that stand before the norms' paths
     */
    public NormStatistics(Map<String, ? extends Layer> layers) {
        layers.forEach((name, layer) -> layer.layers().forEach((path, each) -> {
            if (each instanceof BatchNorm norm) {
                entries.put(norm, child(path.isEmpty() ? name : name + "." + path, new Entry(norm.channels())));
            }
        }));
    }

    /** Sets all of them to the present statistics of the norms themselves, which must be initialized, as these. */
    public void copyOwn() {
        entries.forEach(BatchNorm::copyStatistics);
    }

    @Nullable
    Entry of(BatchNorm norm) {
        return entries.get(norm);
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        throw new IllegalStateException("Statistics are carried by a pass, they are not applied to an array");
    }

    /** The statistics of one norm. */
    static final class Entry extends Layer {
        private final Parameter mean;
        private final Parameter variance;

        Entry(int channels) {
            mean = buffer("running_mean", new Shape(channels), Init.zeros());
            variance = buffer("running_var", new Shape(channels), Init.ones());
        }

        NDArray mean() {
            return array(mean);
        }

        NDArray variance() {
            return array(variance);
        }

        @Override
        public NDArray forward(NDArray x, Pass pass) {
            throw new IllegalStateException("Statistics are carried by a pass, they are not applied to an array");
        }
    }
}

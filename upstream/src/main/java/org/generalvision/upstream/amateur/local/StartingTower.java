package org.generalvision.upstream.amateur.local;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.upstream.amateur.ImageTextModel;
import org.generalvision.weights.WeightLoader;
import org.jspecify.annotations.Nullable;

/** The image tower as it was at the start, frozen: what the trained one's embedding is kept close to, and compared with. */
final class StartingTower extends Layer {
    private final Backbone image;
    private final @Nullable Linear projection;

    private StartingTower(ImageTextModel.Config config) {
        image = child(ImageTextModel.IMAGE, ImageTextModel.backbone(config));
        Linear linear = ImageTextModel.projection(config, image);
        projection = linear == null ? null : child(ImageTextModel.IMAGE_PROJECTION, linear);
    }

    /**
     * A copy of a model's image tower.
     *
     * @param manager owner of its arrays
     */
    static StartingTower of(LocalModel model, ImageTextModel.Config config, NDManager manager) {
        StartingTower start = new StartingTower(config);
        SortedMap<String, NDArray> trained = start.those(model);
        start.initialize(manager, trained.values().iterator().next().getDataType());
        start.arrays().forEach((path, array) -> Ops.copyInto(array, of(trained, path)));
        return start;
    }

    private static NDArray of(SortedMap<String, NDArray> arrays, String path) {
        NDArray array = arrays.get(path);
        if (array == null) {
            throw new IllegalStateException("The trained network has no " + path);
        }
        return array;
    }

    /** All arrays by path. */
    SortedMap<String, NDArray> arrays() {
        return WeightLoader.arrays(this);
    }

    /** The arrays of a model that this tower has too. */
    private SortedMap<String, NDArray> those(LocalModel model) {
        SortedMap<String, NDArray> shared = new TreeMap<>(WeightLoader.arrays(model));
        shared.keySet().retainAll(parameters().keySet());
        return shared;
    }

    /** The embedding before normalization that images had at the start, as evaluation computes it: (B, 3, H, W) to (B, E). */
    @Override
    public NDArray forward(NDArray images, Pass pass) {
        boolean gradMode = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try {
            Pass evaluation = Pass.evaluation(pass.precision());
            NDArray feature = image.features(images, evaluation);
            return projection == null ? feature : projection.forward(feature, evaluation);
        } finally {
            JniUtils.setGradMode(gradMode);
        }
    }

    /** Does something with a model whose image tower is the one of the start; then it is again what it was, to the bit. */
    <T> T during(LocalModel model, Supplier<T> measurement) {
        swap(model);
        try {
            return measurement.get();
        } finally {
            swap(model);
        }
    }

    private void swap(LocalModel model) {
        SortedMap<String, NDArray> trained = those(model);
        arrays().forEach((path, own) -> {
            NDArray other = of(trained, path);
            try (NDArray kept = Ops.copy(own)) {
                Ops.copyInto(own, other);
                Ops.copyInto(other, kept);
            }
        });
    }
}

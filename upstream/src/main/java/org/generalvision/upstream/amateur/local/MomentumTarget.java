package org.generalvision.upstream.amateur.local;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.generalvision.nn.Layer;
import org.generalvision.nn.ListOps;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.upstream.amateur.ImageTextModel;
import org.generalvision.upstream.head.MapsLayer;
import org.generalvision.upstream.head.Regions;
import org.generalvision.weights.WeightLoader;

/**
 * The network that says what is to be predicted: a slowly moving average of the trained backbone, pyramid, head and projector,
 * under the same paths. It gets no gradient. Its norms use the statistics of the batch, where those of the trained network do.
 */
final class MomentumTarget extends MapsLayer {
    private final RegionEncoder encoder;

    private MomentumTarget(RegionEncoder encoder) {
        this.encoder = encoder;
        child(ImageTextModel.IMAGE, encoder.image());
        child(RegionEncoder.PYRAMID, encoder.pyramid());
        child(RegionEncoder.HEAD, encoder.head());
        child(RegionEncoder.PROJECTOR, encoder.projector());
    }

    /**
     * A target that equals a model.
     *
     * @param manager owner of its arrays
     */
    static MomentumTarget of(
            LocalModel model, ImageTextModel.Config config, RegionNetworkConfig regions, NDManager manager) {
        MomentumTarget target =
                new MomentumTarget(RegionEncoder.around(ImageTextModel.backbone(config), config, regions));
        SortedMap<String, NDArray> trained = WeightLoader.arrays(model);
        target.initialize(manager, trained.values().iterator().next().getDataType());
        target.arrays().forEach((path, array) -> Ops.copyInto(array, at(trained, path)));
        return target;
    }

    private static <T> T at(Map<String, T> map, String path) {
        T value = map.get(path);
        if (value == null) {
            throw new IllegalStateException("The trained network has no " + path);
        }
        return value;
    }

    /** All arrays by path. */
    SortedMap<String, NDArray> arrays() {
        return WeightLoader.arrays(this);
    }

    /** Layers of the model that a recipe has frozen are frozen here too, so that their norms do the same. */
    void freezeAs(LocalModel model) {
        Map<String, Layer> trained = model.layers();
        layers().forEach((path, layer) -> {
            if (!path.isEmpty() && at(trained, path).isFrozen()) {
                layer.freeze(true);
            }
        });
    }

    /** The projections of the regions of a view, (N, outputWidth), without gradient. */
    NDArray project(NDArray images, List<Regions> regions, Pass pass) {
        boolean gradMode = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try {
            return encoder.encode(images, regions, pass.rehearsing()).regions();
        } finally {
            JniUtils.setGradMode(gradMode);
        }
    }

    /** target = momentum * target + (1 - momentum) * model, for everything that can be trained. Gradients must be off. */
    void follow(LocalModel model, double momentum) {
        SortedMap<String, NDArray> trained = WeightLoader.arrays(model);
        List<NDArray> averages = new ArrayList<>();
        List<NDArray> ends = new ArrayList<>();
        parameters().forEach((path, parameter) -> {
            if (!Layer.isBuffer(parameter)) {
                averages.add(parameter.getArray());
                ends.add(at(trained, path));
            }
        });
        ListOps.lerp(averages, ends, 1 - momentum);
    }
}

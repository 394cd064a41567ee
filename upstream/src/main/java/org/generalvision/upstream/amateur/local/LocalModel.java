package org.generalvision.upstream.amateur.local;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.generalvision.nn.Pass;
import org.generalvision.upstream.amateur.ImageTextModel;
import org.generalvision.upstream.head.Regions;

/**
 * An Amateur's towers with what reads regions: children {@code pyramid}, {@code region_head}, {@code projector} and {@code
 * predictor} beside those of {@link ImageTextModel}. The text tower, the projection of the image feature and the scale are not
 * trained, so what they were in the Amateur's checkpoint they are in this one.
 */
public final class LocalModel extends ImageTextModel {
    private final RegionEncoder encoder;
    private final Perceptron predictor;

    /**
     * A model that is not yet initialized.
     *
     * @param vocabularySize number of token ids
     */
    public LocalModel(ImageTextModel.Config config, RegionNetworkConfig regions, int vocabularySize) {
        super(config, vocabularySize);
        encoder = RegionEncoder.around(image(), config, regions);
        child(RegionEncoder.PYRAMID, encoder.pyramid());
        child(RegionEncoder.HEAD, encoder.head());
        child(RegionEncoder.PROJECTOR, encoder.projector());
        predictor =
                child("predictor", new Perceptron(regions.outputWidth(), regions.hiddenWidth(), regions.outputWidth()));
        freezeSpace();
    }

    /** Whether a checkpoint of the global stage lacks a path of this model. */
    static boolean isNew(String path) {
        return List.of(RegionEncoder.PYRAMID, RegionEncoder.HEAD, RegionEncoder.PROJECTOR, "predictor").stream()
                .anyMatch(child -> path.startsWith(child + "."));
    }

    RegionEncoder.Encoded encode(NDArray images, List<Regions> regions, Pass pass) {
        return encoder.encode(images, regions, pass);
    }

    /** What the target is expected to make of regions, (N, outputWidth) to the same shape. */
    NDArray predict(NDArray regions, Pass pass) {
        return predictor.forward(regions, pass);
    }
}

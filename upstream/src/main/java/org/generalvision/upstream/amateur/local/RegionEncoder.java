package org.generalvision.upstream.amateur.local;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Pass;
import org.generalvision.upstream.amateur.ImageTextModel;
import org.generalvision.upstream.head.BoxHead;
import org.generalvision.upstream.head.FeaturePyramid;
import org.generalvision.upstream.head.RegionPooling;
import org.generalvision.upstream.head.Regions;
import org.generalvision.upstream.head.TapWidths;

/**
 * From images and regions to what is contrasted: backbone, pyramid, RoIAlign from one map by scale, head, projector. The trained
 * network and its target each have one.
 */
record RegionEncoder(
        Backbone image, FeaturePyramid pyramid, RegionPooling pooling, BoxHead head, Perceptron projector) {
    static final String PYRAMID = "pyramid";
    static final String HEAD = "region_head";
    static final String PROJECTOR = "projector";

    /** An encoder around a backbone; its layers are not yet initialized. */
    static RegionEncoder around(Backbone image, ImageTextModel.Config model, RegionNetworkConfig config) {
        TapWidths taps = TapWidths.of(ImageTextModel.backbone(model), model.resolution());
        FeaturePyramid pyramid = new FeaturePyramid(taps, config.strides(), config.pyramidWidth());
        return new RegionEncoder(
                image,
                pyramid,
                new RegionPooling(config.align(), pyramid.strides(), config.canonicalSide()),
                new BoxHead(pyramid.width(), config.bins(), config.headWidth()),
                new Perceptron(config.headWidth(), config.hiddenWidth(), config.outputWidth()));
    }

    /**
     * What an encoder makes of a view.
     *
     * @param feature of the whole images (B, featureWidth)
     * @param regions of all images (N, outputWidth), image by image
     */
    record Encoded(NDArray feature, NDArray regions) {}

    /** Encodes a view (B, 3, H, W) and the regions of each of its images. */
    Encoded encode(NDArray images, List<Regions> regions, Pass pass) {
        Pass tapped = pass.withTaps();
        NDArray feature = image.features(images, tapped);
        List<NDArray> maps = pyramid.forward(TapWidths.read(tapped, pyramid.strides()), pass);
        NDArray read = pooling.read(maps, regions);
        return new Encoded(feature, projector.forward(head.forward(read, pass), pass));
    }
}

package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.jspecify.annotations.Nullable;

/**
 * The backbone of the INTERN system as released in OpenGVLab/gv-benchmark (metanet.py): a 3x3 stem of stride 2, stages of
 * convolution and attention blocks, a 1x1 convolution with norm and GELU, global average pooling and a linear classifier.
 * Any input size; each stride rounds up.
 *
 * <p>Children {@code stem}, {@code stages.0} and so on, {@code head}, and {@code classifier} if there are classes. Taps: the
 * result of each stage under {@code stages.0} and so on, and the last one of each stride under {@code stride4} and so on.
 */
public final class MetaNet extends Backbone {
    private final MetaNetConfig config;
    private final ConvNormGelu stem;
    private final List<MetaNetStage> stages;
    private final ConvNormGelu head;
    private final @Nullable Linear classifier;

    /**
     * @param classes number of classes, or 0 for a network that ends with the pooled feature
     */
    public MetaNet(MetaNetConfig config, int classes) {
        if (classes < 0) {
            throw new IllegalArgumentException("The number of classes must not be negative: " + classes);
        }
        this.config = config;
        stem = child(
                "stem", new ConvNormGelu(Conv2d.Config.of(3, config.stem(), 3).withStride(2)));
        List<MetaNetStage> list = new ArrayList<>();
        int in = config.stem();
        int firstBlock = 0;
        for (MetaNetConfig.Stage stage : config.stages()) {
            list.add(new MetaNetStage(config, stage, in, firstBlock));
            in = stage.channels();
            firstBlock += stage.repeats();
        }
        stages = children("stages", list);
        head = child("head", new ConvNormGelu(Conv2d.Config.of(in, config.featureWidth(), 1)));
        classifier = classes == 0 ? null : child("classifier", new Linear(config.featureWidth(), classes));
    }

    public MetaNetConfig config() {
        return config;
    }

    @Override
    public int featureWidth() {
        return config.featureWidth();
    }

    @Override
    public NDArray features(NDArray x, Pass pass) {
        NDArray h = pass.stage("stem", stem.forward(x, pass));
        int stride = 2;
        for (int i = 0; i < stages.size(); i++) {
            h = pass.stage("stages." + i, stages.get(i).forward(h, pass));
            stride *= config.stages().get(i).stride();
            pass.tap("stride" + stride, h);
        }
        NDArray feature = Ops.globalAvgPool(head.forward(h, pass));
        return pass.stage("head", feature);
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray feature = features(x, pass);
        return classifier == null ? feature : pass.stage("classifier", classifier.forward(feature, pass));
    }
}

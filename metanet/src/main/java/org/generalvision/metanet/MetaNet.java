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
 * The network of an {@link Architecture}: a 3x3 stem of stride 2, stages of convolution, attention or mixer blocks, a 1x1
 * convolution with norm and GELU, global average pooling and a linear classifier, as released in OpenGVLab/gv-benchmark
 * (metanet.py) and Sense-X/UniNet (uninet.py). Any input size; each stride rounds up.
 *
 * <p>Children {@code stem}, {@code stages.0} and so on, {@code head}, and {@code classifier} if there are classes. Taps: the
 * result of each stage under {@code stages.0} and so on, and the last one of each stride under {@code stride4} and so on.
 */
public final class MetaNet extends Backbone {
    private final Architecture architecture;
    private final ConvNormGelu stem;
    private final List<MetaNetStage> stages;
    private final ConvNormGelu head;
    private final @Nullable Linear classifier;

    /**
     * @param classes number of classes, or 0 for a network that ends with the pooled feature
     */
    public MetaNet(Architecture architecture, int classes) {
        if (classes < 0) {
            throw new IllegalArgumentException("The number of classes must not be negative: " + classes);
        }
        this.architecture = architecture;
        stem = child(
                "stem",
                new ConvNormGelu(Conv2d.Config.of(3, architecture.stem(), 3).withStride(2)));
        List<MetaNetStage> list = new ArrayList<>();
        for (int i = 0; i < architecture.stages().size(); i++) {
            list.add(new MetaNetStage(architecture.stages().get(i), architecture.in(i), architecture.dropPaths(i)));
        }
        stages = children("stages", list);
        int width = architecture.featureWidth();
        head = child("head", new ConvNormGelu(Conv2d.Config.of(architecture.in(list.size()), width, 1)));
        classifier = classes == 0 ? null : child("classifier", new Linear(width, classes));
    }

    public Architecture architecture() {
        return architecture;
    }

    @Override
    public int featureWidth() {
        return architecture.featureWidth();
    }

    @Override
    public NDArray features(NDArray x, Pass pass) {
        NDArray h = pass.stage("stem", stem.forward(x, pass));
        int stride = 2;
        for (int i = 0; i < stages.size(); i++) {
            h = pass.stage("stages." + i, stages.get(i).forward(h, pass));
            stride *= architecture.stages().get(i).stride();
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

package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Dropout;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.jspecify.annotations.Nullable;

/**
 * A class for each pixel by DeepLabV3 (arXiv 1706.05587) with an auxiliary fully convolutional classifier on an earlier map (arXiv
 * 1612.01105, section 3.3), which is trained along and not asked in the end. Parameter names as torchvision: {@code
 * classifier.0.convs.0.0.weight}, {@code classifier.4.weight}, {@code aux_classifier.0.weight}.
 *
 * <p>torchvision gives its backbone holes so that the last map has stride 8; the backbones here keep their strides, and a recipe
 * says which map is read.
 */
public final class SegmentationHead extends MapsLayer {
    /** The label of pixels that do not count. */
    public static final int IGNORED = 255;

    private final Config config;
    private final int classes;
    private final Classifier classifier;
    private final @Nullable Auxiliary auxiliary;

    /**
     * A head that is not yet initialized.
     *
     * @param taps of the backbone
     * @param classes background included, if it is one
     */
    public SegmentationHead(TapWidths taps, int classes, Config config) {
        if (classes < 2 || classes > IGNORED) {
            throw new IllegalArgumentException("A segmentation needs 2 to %d classes: %d".formatted(IGNORED, classes));
        }
        this.config = config;
        this.classes = classes;
        classifier = child("classifier", new Classifier(taps.of(config.stride), classes, config));
        auxiliary = config.auxiliary == null
                ? null
                : child(
                        "aux_classifier",
                        new Auxiliary(taps.of(config.auxiliary.stride), classes, config.auxiliary.dropout));
    }

    /**
     * Sizes of the head.
     *
     * @param stride of the map that is classified
     * @param width of all its layers; 256 as published
     * @param rates of the convolutions with holes, in cells; 12, 24, 36 as published at stride 8
     * @param dropout behind the pyramid; 0.5 in torchvision
     * @param auxiliary the classifier on an earlier map, or null for none
     */
    public record Config(
            int stride,
            int width,
            List<Integer> rates,
            double dropout,
            @Nullable AuxiliaryConfig auxiliary) {
        public Config {
            rates = List.copyOf(rates);
            if (width < 1 || rates.stream().anyMatch(rate -> rate < 1)) {
                throw new IllegalArgumentException(
                        "width and rates must be positive: %d and %s".formatted(width, rates));
            }
        }
    }

    /**
     * The auxiliary classifier.
     *
     * @param stride of the map that it reads
     * @param weight of its loss; 0.5 in torchvision's training, 0.4 as published
     * @param dropout before its prediction; 0.1 in torchvision
     */
    public record AuxiliaryConfig(int stride, double weight, double dropout) {
        public AuxiliaryConfig {
            if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("weight must be positive and finite: " + weight);
            }
        }
    }

    /**
     * The losses, scalars.
     *
     * @param pixels mean cross entropy of the pixels that count; 0 if none does
     * @param auxiliary the same of the auxiliary classifier, without its weight, or null
     */
    public record Loss(NDArray pixels, @Nullable NDArray auxiliary) {}

    /** Strides of the maps that it reads: that of the classifier, and that of the auxiliary one if there is one. */
    public List<Integer> strides() {
        return config.auxiliary == null ? List.of(config.stride) : List.of(config.stride, config.auxiliary.stride);
    }

    /** Logits at the resolution of the map: maps of {@link #strides} to (B, classes, H, W). */
    public NDArray logits(List<NDArray> maps, Pass pass) {
        return classifier.forward(maps.get(0), pass);
    }

    /** The class of each pixel, int64 (B, height, width). */
    public NDArray predict(List<NDArray> maps, int height, int width, Pass pass) {
        return Ops.argMax(Ops.resizeBilinear(Ops.widened(logits(maps, pass)), height, width), 1);
    }

    /**
     * The losses of a batch.
     *
     * @param maps of {@link #strides}
     * @param labels int64 (B, height, width), each a class or {@link #IGNORED}
     */
    public Loss loss(List<NDArray> maps, NDArray labels, Pass pass) {
        return loss(logits(maps, pass), maps, labels, pass);
    }

    /**
     * The same from logits that have been made already.
     *
     * @param logits (B, classes, H, W) of these maps
     */
    public Loss loss(NDArray logits, List<NDArray> maps, NDArray labels, Pass pass) {
        boolean known = labels.neq(IGNORED).any().getBoolean();
        NDArray main = loss(logits, labels, known);
        return new Loss(main, auxiliary == null ? null : loss(auxiliary.forward(maps.get(1), pass), labels, known));
    }

    private NDArray loss(NDArray logits, NDArray labels, boolean known) {
        NDArray wide = Ops.widened(logits);
        if (!known) {
            return Ops.scale(wide.sum(), 0);
        }
        int height = Math.toIntExact(labels.getShape().get(1));
        int width = Math.toIntExact(labels.getShape().get(2));
        NDArray pixels = Ops.tokens(Ops.resizeBilinear(wide, height, width)).reshape(new Shape(-1, classes));
        NDArray flat = labels.toType(DataType.INT64, false).reshape(new Shape(-1));
        return Ops.crossEntropy(pixels, flat, IGNORED, 0);
    }

    /** DeepLabV3's head on one map. */
    private static final class Classifier extends Layer {
        private final AtrousPyramid pyramid;
        private final Conv2d conv;
        private final BatchNorm norm;
        private final Conv2d logits;

        Classifier(int in, int classes, Config config) {
            int width = config.width;
            pyramid = child("0", new AtrousPyramid(in, width, config.rates, config.dropout));
            conv = child("1", Conv2d.withTorchInit(Conv2d.Config.of(width, width, 3)));
            norm = child("2", new BatchNorm(width));
            logits = child("4", prediction(width, classes));
        }

        @Override
        public NDArray forward(NDArray x, Pass pass) {
            NDArray h = conv.forward(pyramid.forward(x, pass), pass);
            return logits.forward(Ops.reluInPlace(norm.forward(h, pass)), pass);
        }
    }

    /** The head of a fully convolutional network. */
    private static final class Auxiliary extends Layer {
        private final Conv2d conv;
        private final BatchNorm norm;
        private final Dropout dropout;
        private final Conv2d logits;

        Auxiliary(int in, int classes, double rateOfDropout) {
            int width = Math.max(1, in / 4);
            conv = child("0", Conv2d.withTorchInit(Conv2d.Config.of(in, width, 3)));
            norm = child("1", new BatchNorm(width));
            dropout = child("3", new Dropout(rateOfDropout));
            logits = child("4", prediction(width, classes));
        }

        @Override
        public NDArray forward(NDArray x, Pass pass) {
            NDArray h = Ops.reluInPlace(norm.forward(conv.forward(x, pass), pass));
            return logits.forward(dropout.forward(h, pass), pass);
        }
    }

    private static Conv2d prediction(int in, int classes) {
        return new Conv2d(Conv2d.Config.of(in, classes, 1).withBias(), Init.kaimingUniformFanIn());
    }
}

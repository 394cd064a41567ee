package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.jspecify.annotations.Nullable;

/**
 * CLIP's image network (arXiv 2103.00020, section 2.4) with the parameter names of openai/CLIP: a ResNet with a stem of three
 * convolutions, average pooling in front of every convolution that would have a stride, and attention pooling at the end.
 * Taps {@code layer1} to {@code layer4}, also called {@code stride4} to {@code stride32}.
 */
final class ClipResNet extends Backbone {
    private static final int STRIDE = 32;

    private final List<Conv2d> stemConvolutions = new ArrayList<>();
    private final List<BatchNorm> stemNorms = new ArrayList<>();
    private final List<List<Layer>> layers = new ArrayList<>();
    private final AttentionPool attnpool;
    private final @Nullable Linear classifier;
    private final int featureWidth;

    /**
     * @param classes number of classes, or 0 for a network that ends with the embedding, as CLIP's does
     */
    ClipResNet(Config config, int classes) {
        featureWidth = config.embedding();
        int half = config.width() / 2;
        addToStem(3, half, 2);
        addToStem(half, half, 1);
        addToStem(half, config.width(), 1);
        int in = config.width();
        for (int i = 0; i < config.repeats().size(); i++) {
            int width = config.width() << i;
            List<Layer> blocks = new ArrayList<>();
            for (int j = 0; j < config.repeats().get(i); j++) {
                blocks.add(new ClipBottleneck(in, width, i > 0 && j == 0 ? 2 : 1));
                in = ClipBottleneck.EXPANSION * width;
            }
            layers.add(children("layer" + (i + 1), blocks));
        }
        int grid = config.resolution() / STRIDE;
        attnpool = child("attnpool", new AttentionPool(grid, in, in / 64, config.embedding()));
        classifier = classes == 0 ? null : child("classifier", new Linear(config.embedding(), classes));
    }

    private void addToStem(int in, int out, int stride) {
        int number = stemConvolutions.size() + 1;
        stemConvolutions.add(child(
                "conv" + number,
                Conv2d.withTorchInit(Conv2d.Config.of(in, out, 3).withStride(stride))));
        stemNorms.add(child("bn" + number, new BatchNorm(out)));
    }

    @Override
    public boolean endsWithEmbedding() {
        return true;
    }

    @Override
    public int featureWidth() {
        return featureWidth;
    }

    @Override
    public NDArray features(NDArray x, Pass pass) {
        if (x.getShape().get(2) < STRIDE || x.getShape().get(3) < STRIDE) {
            throw new IllegalArgumentException(
                    "CLIP's ResNet needs pictures of at least " + STRIDE + " x " + STRIDE + " pixels: " + x.getShape());
        }
        NDArray h = x;
        for (int i = 0; i < stemConvolutions.size(); i++) {
            h = Ops.reluInPlace(stemNorms.get(i).forward(stemConvolutions.get(i).forward(h, pass), pass));
        }
        h = pass.stage("stem", Ops.avgPool2d(h, 2, 2));
        for (int i = 0; i < layers.size(); i++) {
            for (Layer block : layers.get(i)) {
                h = block.forward(h, pass);
            }
            h = pass.tap("stride" + (4 << i), pass.stage("layer" + (i + 1), h));
        }
        return pass.stage("attnpool", attnpool.forward(h, pass));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray feature = features(x, pass);
        return classifier == null ? feature : pass.stage("classifier", classifier.forward(feature, pass));
    }

    /**
     * Sizes of the network.
     *
     * @param resolution side of the pictures for which the attention pool has a place embedding, at least 32; for other
     *     pictures the embedding is resized
     */
    record Config(int width, List<Integer> repeats, int embedding, int resolution) {
        Config {
            repeats = List.copyOf(repeats);
            if (width < 2 || width % 2 != 0 || embedding < 1) {
                throw new IllegalArgumentException(
                        "width must be positive and even, embedding positive: " + width + ", " + embedding);
            }
            if (resolution < STRIDE) {
                throw new IllegalArgumentException(
                        "The resolution must be at least " + STRIDE + " pixels: " + resolution);
            }
        }
    }
}

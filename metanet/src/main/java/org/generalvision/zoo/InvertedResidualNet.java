package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Activation;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Dropout;
import org.generalvision.nn.Init;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.jspecify.annotations.Nullable;

/**
 * MobileNetV2 (arXiv 1801.04381) and EfficientNet (arXiv 1905.11946): a convolution of stride 2, stages of {@link
 * InvertedResidual} blocks, a 1x1 convolution, pooling and a classifier. Names are those of timm: {@code conv_stem}, {@code
 * bn1}, {@code blocks.0.0...}, {@code conv_head}, {@code bn2}, {@code classifier}. Taps {@code stride4} to {@code stride32}.
 */
final class InvertedResidualNet extends Backbone {
    private final Config config;
    private final Conv2d stem;
    private final BatchNorm stemNorm;
    private final List<List<InvertedResidual>> stages = new ArrayList<>();
    private final Conv2d head;
    private final BatchNorm headNorm;
    private final @Nullable Dropout dropout;
    private final @Nullable Linear classifier;

    /**
     * @param classes number of classes, or 0 for a network that ends with the pooled feature
     */
    InvertedResidualNet(Config config, int classes) {
        this.config = config;
        stem = child(
                "conv_stem", new Conv2d(Conv2d.Config.of(3, config.stem(), 3).withStride(2), Init.kaimingFanOut()));
        stemNorm = child("bn1", norm(config.stem()));
        int in = config.stem();
        int number = 0;
        for (int i = 0; i < config.stages().size(); i++) {
            Stage stage = config.stages().get(i);
            List<InvertedResidual> blocks = new ArrayList<>();
            for (int j = 0; j < stage.repeats(); j++) {
                blocks.add(new InvertedResidual(block(stage, in, j, number++)));
                in = stage.channels();
            }
            stages.add(children("blocks." + i, blocks));
        }
        head = child("conv_head", new Conv2d(Conv2d.Config.of(in, config.head(), 1), Init.kaimingFanOut()));
        headNorm = child("bn2", norm(config.head()));
        dropout = classes == 0 ? null : child("dropout", new Dropout(config.dropout()));
        classifier = classes == 0 ? null : child("classifier", new Linear(config.head(), classes));
    }

    /** A later block is dropped more often: its rate is the last one's times its share of the depth. */
    private InvertedResidual.Config block(Stage stage, int in, int place, int number) {
        int numBlocks = config.stages().stream().mapToInt(Stage::repeats).sum();
        return new InvertedResidual.Config(
                in,
                stage.channels(),
                stage.expansion(),
                stage.kernel(),
                place == 0 ? stage.stride() : 1,
                config.gated(),
                config.activation(),
                config.epsilon(),
                config.dropPath() * number / numBlocks);
    }

    private BatchNorm norm(int channels) {
        return new BatchNorm(channels, 1, config.epsilon());
    }

    @Override
    public int featureWidth() {
        return config.head();
    }

    @Override
    public NDArray features(NDArray x, Pass pass) {
        Activation activation = config.activation();
        NDArray h = pass.stage("stem", activation.apply(stemNorm.forward(stem.forward(x, pass), pass)));
        int stride = 2;
        for (int i = 0; i < stages.size(); i++) {
            stride *= config.stages().get(i).stride();
            for (InvertedResidual block : stages.get(i)) {
                h = block.forward(h, pass);
            }
            // Stages of one stride overwrite each other's tap, so that the last one stays.
            h = pass.tap("stride" + stride, pass.stage("blocks." + i, h));
        }
        h = activation.apply(headNorm.forward(head.forward(h, pass), pass));
        return pass.stage("head", Ops.globalAvgPool(h));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray feature = features(x, pass);
        if (classifier == null || dropout == null) {
            return feature;
        }
        return pass.stage("classifier", classifier.forward(dropout.forward(feature, pass), pass));
    }

    /** Blocks of one width; the first one has the stride. */
    record Stage(int expansion, int kernel, int stride, int channels, int repeats) {}

    /**
     * Sizes of a network.
     *
     * @param dropPath rate that the blocks' rates rise to
     * @param dropout rate before the classifier
     */
    record Config(
            int stem,
            List<Stage> stages,
            int head,
            boolean gated,
            Activation activation,
            double epsilon,
            double dropPath,
            double dropout) {
        private static final int DIVISOR = 8;

        private static final List<Stage> MOBILENET_V2 = List.of(
                new Stage(1, 3, 1, 16, 1),
                new Stage(6, 3, 2, 24, 2),
                new Stage(6, 3, 2, 32, 3),
                new Stage(6, 3, 2, 64, 4),
                new Stage(6, 3, 1, 96, 3),
                new Stage(6, 3, 2, 160, 3),
                new Stage(6, 3, 1, 320, 1));

        private static final List<Stage> EFFICIENTNET_B0 = List.of(
                new Stage(1, 3, 1, 16, 1),
                new Stage(6, 3, 2, 24, 2),
                new Stage(6, 5, 2, 40, 2),
                new Stage(6, 3, 2, 80, 3),
                new Stage(6, 5, 1, 112, 3),
                new Stage(6, 5, 2, 192, 4),
                new Stage(6, 3, 1, 320, 1));

        Config {
            stages = List.copyOf(stages);
        }

        /** MobileNetV2 with a factor for its widths; the head is widened by it but not narrowed. */
        static Config mobileNetV2(double width) {
            return new Config(
                    round(32 * width),
                    scaled(MOBILENET_V2, width, 1),
                    round(1280 * Math.max(1, width)),
                    false,
                    Activation.RELU6,
                    1e-5,
                    0,
                    0.2);
        }

        /**
         * EfficientNet with factors for widths and repeats.
         *
         * @param epsilon of the norms: 1e-5 up to B4; torchvision's B5 has 1e-3, after the original in TensorFlow
         */
        static Config efficientNet(double width, double depth, double epsilon, double dropout) {
            return new Config(
                    round(32 * width),
                    scaled(EFFICIENTNET_B0, width, depth),
                    round(1280 * width),
                    true,
                    Activation.SILU,
                    epsilon,
                    0.2,
                    dropout);
        }

        private static List<Stage> scaled(List<Stage> stages, double width, double depth) {
            return stages.stream()
                    .map(s -> new Stage(s.expansion(), s.kernel(), s.stride(), round(s.channels() * width), (int)
                            Math.ceil(s.repeats() * depth)))
                    .toList();
        }

        /** The nearest multiple of 8, one more if that lost over a tenth; as both papers' code rounds. */
        private static int round(double channels) {
            int rounded = Math.max(DIVISOR, (int) (channels + DIVISOR / 2.0) / DIVISOR * DIVISOR);
            return rounded < 0.9 * channels ? rounded + DIVISOR : rounded;
        }
    }
}

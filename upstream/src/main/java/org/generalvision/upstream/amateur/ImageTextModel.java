package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.DropPath;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.zoo.ZooCatalog;
import org.jspecify.annotations.Nullable;

/**
 * Two towers that map images and texts into one space (arXiv 2103.00020). Children {@code image} (any backbone), {@code
 * image_projection} (unless the backbone itself ends with the embedding) and {@code text}; parameter {@code logit_scale}.
 * Whoever wants the image network alone reads the parameters below {@code image.}. Shapes: B batch, L context, E embedding.
 */
public class ImageTextModel extends Layer {
    /** Path of the image backbone in checkpoints. */
    public static final String IMAGE = "image";

    /** Path of the map from the image's feature to its embedding. */
    public static final String IMAGE_PROJECTION = "image_projection";

    private final Config config;
    private final Backbone image;
    private final @Nullable Linear imageProjection;
    private final TextTower text;
    private final Parameter logitScale;

    /**
     * A model that is not yet initialized.
     *
     * @param vocabularySize number of token ids
     */
    public ImageTextModel(Config config, int vocabularySize) {
        this.config = config;
        int width = config.embeddingWidth();
        image = child(IMAGE, backbone(config));
        Linear projection = projection(config, image);
        imageProjection = projection == null ? null : child(IMAGE_PROJECTION, projection);
        text = child("text", new TextTower(config.text(), vocabularySize, width));
        logitScale = parameter(
                "logit_scale", new Shape(1), Init.constant(config.logitScale().start()));
    }

    /** The image backbone of a model, not yet initialized. */
    public static Backbone backbone(Config config) {
        Backbone backbone = ZooCatalog.create(config.image(), 0, config.resolution());
        DropPath.spread(backbone, config.dropPath());
        return backbone;
    }

    /** The map from its feature to the embedding, not yet initialized, or null if the backbone ends with the embedding. */
    public static @Nullable Linear projection(Config config, Backbone backbone) {
        int featureWidth = backbone.featureWidth();
        if (!backbone.endsWithEmbedding()) {
            return new Linear(featureWidth, config.embeddingWidth(), false, Init.kaimingUniformFanIn());
        }
        if (featureWidth != config.embeddingWidth()) {
            throw new IllegalArgumentException("embeddingWidth must be %d, with which %s ends: %d"
                    .formatted(featureWidth, config.image(), config.embeddingWidth()));
        }
        return null;
    }

    /** The image tower without its projection: what benchmarks probe and exports release. */
    public final Backbone image() {
        return image;
    }

    /** Token ids that a text has. */
    public final int contextLength() {
        return config.text().contextLength();
    }

    /** Width of the common space. */
    public final int embeddingWidth() {
        return config.embeddingWidth();
    }

    /** The normalized embedding of images: (B, 3, H, W) to (B, E). */
    @Override
    public final NDArray forward(NDArray images, Pass pass) {
        return Ops.normalize(imageEmbedding(images, pass), 1);
    }

    /** The embedding of images before normalization: (B, 3, H, W) to (B, E). */
    public final NDArray imageEmbedding(NDArray images, Pass pass) {
        return embedding(image.features(images, pass), pass);
    }

    /** The embedding, before normalization, that a feature of the image tower (B, featureWidth) gives: (B, E). */
    public final NDArray embedding(NDArray feature, Pass pass) {
        return imageProjection == null ? feature : imageProjection.forward(feature, pass);
    }

    /** The normalized embedding of texts: int64 ids (B, L) to (B, E). */
    public final NDArray textFeatures(NDArray tokens_BL, Pass pass) {
        return Ops.normalize(text.forward(tokens_BL, pass), 1);
    }

    /** Token states and embedding of texts, not normalized: int64 ids (B, L). */
    public final TextTower.Encoded encodeText(NDArray tokens_BL, Pass pass) {
        return text.encode(tokens_BL, pass);
    }

    /**
     * The factor by which cosines are multiplied, a scalar that training moves.
     *
     * @param manager of the step, owner of the result
     */
    final NDArray scale(NDManager manager) {
        // The parameter outlives the step, so it must not be the receiver.
        NDArray parameter = array(logitScale);
        return manager.zeros(new Shape(1), parameter.getDataType())
                .add(parameter)
                .exp();
    }

    /**
     * Excludes from training what makes the common space: the text tower, the projection of the image feature, and the scale. A
     * stage that has no texts must leave them as they are, and weight decay would move them without any gradient.
     */
    protected final void freezeSpace() {
        text.freeze(true);
        if (imageProjection != null) {
            imageProjection.freeze(true);
        }
        logitScale.freeze(true);
    }

    /** Brings the learned scale back into its bounds, if an update has moved it out. */
    final void clampScale() {
        NDArray parameter = array(logitScale);
        double value;
        try (NDArray wide = parameter.toType(DataType.FLOAT64, true)) {
            value = wide.getDouble();
        }
        double clamped = config.logitScale().clamp(value);
        if (clamped != value) {
            try (NDArray bound = parameter.getManager().create(new double[] {clamped})) {
                Ops.copyInto(parameter, bound);
            }
        }
    }

    /**
     * What the model consists of.
     *
     * @param image name of a network of the zoo
     * @param resolution side of the images in pixels
     * @param dropPath rate of the image tower's last residual branch, in [0, 1); it grows linearly from 0 at the first
     * @param embeddingWidth width of the common space
     */
    public record Config(
            String image,
            int resolution,
            double dropPath,
            TextTower.Config text,
            int embeddingWidth,
            LogitScale logitScale) {
        public Config {
            ZooCatalog.entry(image);
            if (resolution < 32) {
                throw new IllegalArgumentException("resolution must be at least 32: " + resolution);
            }
            if (!(dropPath >= 0 && dropPath < 1)) {
                throw new IllegalArgumentException("dropPath must be in [0, 1): " + dropPath);
            }
            if (embeddingWidth < 1) {
                throw new IllegalArgumentException("embeddingWidth must be positive: " + embeddingWidth);
            }
        }
    }
}

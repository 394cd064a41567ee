package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.List;
import java.util.stream.Stream;
import org.generalvision.nn.Dropout;
import org.generalvision.nn.Embedding;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerNorm;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.TransformerBlock;

/**
 * CLIP's causal text transformer (arXiv 2103.00020, section 2.4): token and place embedding, pre-norm blocks with
 * QuickGELU, a last norm, and a projection of the state at the end of the text. That place is found as the largest token id,
 * so the end-of-text token must have the largest id of the vocabulary. Shapes: B batch, L context, W width, E embedding.
 */
public final class TextTower extends Layer {
    private final Config config;
    private final Embedding tokenEmbedding;
    private final Parameter positionalEmbedding;
    private final Dropout dropout;
    private final List<TransformerBlock> blocks;
    private final LayerNorm finalNorm;
    private final Linear projection;

    /**
     * A tower that is not yet initialized.
     *
     * @param vocabularySize number of token ids
     * @param embeddingWidth width of the space shared with images
     */
    public TextTower(Config config, int vocabularySize, int embeddingWidth) {
        this.config = config;
        int width = config.width();
        // Deviations as in openai/CLIP.
        tokenEmbedding = child("token_embedding", new Embedding(vocabularySize, width, Init.normal(0.02)));
        positionalEmbedding =
                parameter("positional_embedding", new Shape(config.contextLength(), width), Init.normal(0.01));
        dropout = child("dropout", new Dropout(config.dropout()));
        TransformerBlock.Config block =
                TransformerBlock.Config.clipText(width, config.numHeads(), config.dropout(), config.numLayers());
        blocks = children(
                "blocks",
                Stream.generate(() -> new TransformerBlock(block))
                        .limit(config.numLayers())
                        .toList());
        finalNorm = child("final_norm", new LayerNorm(width));
        projection = child("projection", new Linear(width, embeddingWidth, false, Init.normal(Math.pow(width, -0.5))));
    }

    /** The embedding of each text, not normalized: int64 ids (B, L) to (B, E). */
    @Override
    public NDArray forward(NDArray tokens_BL, Pass pass) {
        return encode(tokens_BL, pass).embedding_BE();
    }

    /**
     * Both results of the tower.
     *
     * @param tokens_BL int64 ids, as many per text as the context is long
     */
    public Encoded encode(NDArray tokens_BL, Pass pass) {
        Shape shape = tokens_BL.getShape();
        if (shape.dimension() != 2 || shape.get(1) != config.contextLength()) {
            throw new IllegalArgumentException(
                    "Texts must have the shape (batch, %d), the tower's context: %s; encode them with this context"
                            .formatted(config.contextLength(), shape));
        }
        pass.visit(this);
        NDArray x_BLW = dropout.forward(tokenEmbedding.forward(tokens_BL, pass).add(array(positionalEmbedding)), pass);
        for (TransformerBlock block : blocks) {
            x_BLW = block.forward(x_BLW, pass);
        }
        NDArray states_BLW = finalNorm.forward(x_BLW, pass);
        NDArray end_BW = Ops.takeTokens(states_BLW, Ops.argMax(tokens_BL, 1));
        return new Encoded(states_BLW, projection.forward(end_BW, pass));
    }

    /**
     * A batch of encoded texts.
     *
     * @param states_BLW state of each token after the last norm
     * @param embedding_BE projected state at the end of each text, not normalized
     */
    public record Encoded(NDArray states_BLW, NDArray embedding_BE) {}

    /**
     * Sizes of the tower.
     *
     * @param width of the states, a multiple of {@code numHeads}
     * @param contextLength token ids in a text, with start and end
     * @param dropout rate with which elements of the embedded texts and of the blocks' branches are dropped in training, in
     *     [0, 1); CLIP has 0
     */
    public record Config(int width, int numLayers, int numHeads, int contextLength, double dropout) {
        public Config {
            if (numLayers < 1) {
                throw new IllegalArgumentException("numLayers must be positive: " + numLayers);
            }
            if (numHeads < 1 || width < 1 || width % numHeads != 0) {
                throw new IllegalArgumentException(
                        "width must be a positive multiple of numHeads: %d and %d".formatted(width, numHeads));
            }
            if (contextLength < 3 || contextLength > 4096) {
                throw new IllegalArgumentException("contextLength must lie in [3, 4096]: " + contextLength);
            }
            if (!(dropout >= 0 && dropout < 1)) {
                throw new IllegalArgumentException("dropout must be in [0, 1): " + dropout);
            }
        }
    }
}

package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.generalvision.data.load.Batch;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.train.Buffers;
import org.generalvision.train.ChunkedObjective;
import org.generalvision.train.Losses;
import org.generalvision.upstream.amateur.ContrastiveLoss.Features;
import org.generalvision.upstream.amateur.TextTower.Encoded;

/**
 * DeCLIP (arXiv 2110.05208) on two image views and two text views: contrast of the four pairs, nearest-neighbor supervision,
 * SimSiam on the images, and masked language modelling on the first text, whose masked form is also the one that is
 * contrasted.
 */
public final class AmateurObjective implements ChunkedObjective {
    private final AmateurModel model;
    private final AmateurConfig config;
    private final Tokenizer tokenizer;
    private final long seed;
    private final Replicas replicas;
    private final NearestNeighborQueue queue;
    private final List<SeenTexts> seen = new ArrayList<>();

    /**
     * An objective with a fresh queue.
     *
     * @param model initialized
     * @param tokenizer that the texts are encoded with
     * @param seed of the token masks
     * @param manager owner of the queue
     */
    public AmateurObjective(
            AmateurModel model,
            AmateurConfig config,
            Tokenizer tokenizer,
            long seed,
            Replicas replicas,
            NDManager manager) {
        this.model = model;
        this.config = config;
        this.tokenizer = tokenizer;
        this.seed = seed;
        this.replicas = replicas;
        // Without the loss that reads it a queue of one row stands there unused.
        int size = usesQueue() ? config.queueSize() : 1;
        queue = new NearestNeighborQueue(size, model.embeddingWidth(), manager);
    }

    private boolean usesQueue() {
        return config.weights().nearestNeighbor() > 0;
    }

    @Override
    public AmateurModel model() {
        return model;
    }

    @Override
    public int chunkSize() {
        return config.chunkSize();
    }

    /** Embeddings of both images and both texts (B, E), and, if they are asked for hidden tokens, states of the first text. */
    @Override
    public NDList encode(Batch samples, Pass pass) {
        NDArray image1_BE = model.imageEmbedding(samples.get("image"), pass);
        NDArray image2_BE = model.imageEmbedding(samples.get("image2"), pass);
        Encoded text1 = model.encodeText(masked(samples).tokens_BL(), pass);
        Encoded text2 = model.encodeText(samples.get("text2"), pass);
        NDList encoded = new NDList(image1_BE, image2_BE, text1.embedding_BE(), text2.embedding_BE());
        if (config.weights().textSelf() > 0) {
            encoded.add(text1.states_BLW());
        }
        return encoded;
    }

    private MaskedTexts masked(Batch samples) {
        return MaskedTexts.of(samples, masking(), tokenizer, seed);
    }

    @Override
    public Losses losses(NDList encoded, Batch batch, Pass pass) {
        NDArray image1_BE = encoded.get(0);
        NDArray image2_BE = encoded.get(1);
        ContrastiveLoss contrast = new ContrastiveLoss(
                batch.get("caption"),
                model.scale(image1_BE.getManager()),
                replicas,
                config.equalCaptionsAreNegatives());
        List<Features> images = gathered(contrast, image1_BE, image2_BE);
        List<Features> texts = gathered(contrast, encoded.get(2), encoded.get(3));

        Losses losses = new Losses();
        LossWeights weights = config.weights();
        add(losses, "multiView", weights.multiView(), () -> multiView(contrast, images, texts));
        add(losses, "nearestNeighbor", weights.nearestNeighbor(), () -> nearest(contrast, images, texts, batch));
        add(losses, "imageSelf", weights.imageSelf(), () -> model.simSiamLoss(image1_BE, image2_BE, pass));
        add(losses, "textSelf", weights.textSelf(), () -> model.maskedLoss(encoded.get(4), masked(batch), pass));
        if (pass.training() && usesQueue()) {
            remember(texts, batch);
        }
        return losses;
    }

    private TokenMasking masking() {
        return config.weights().textSelf() > 0 ? config.masking() : TokenMasking.NONE;
    }

    private static List<Features> gathered(ContrastiveLoss contrast, NDArray... embeddings) {
        return Stream.of(embeddings)
                .map(e -> contrast.gather(Ops.normalize(e, 1)))
                .toList();
    }

    private static void add(Losses losses, String name, double weight, Supplier<NDArray> loss) {
        if (weight > 0) {
            losses.add(name, weight, loss.get());
        }
    }

    /** The mean over the four pairs of an image view and a text view. */
    private static NDArray multiView(ContrastiveLoss contrast, List<Features> images, List<Features> texts) {
        return mean(images.stream().flatMap(i -> texts.stream().map(t -> contrast.between(i, t))));
    }

    /**
     * The mean over the four pairs of an image view and the neighbors of a text view, from image to text only, since neighbors
     * get no gradient.
     */
    private NDArray nearest(ContrastiveLoss contrast, List<Features> images, List<Features> texts, Batch batch) {
        List<Features> neighbors = texts.stream()
                .map(t -> contrast.gather(queue.nearest(t.own(), batch.get("caption"))))
                .toList();
        return mean(images.stream().flatMap(i -> neighbors.stream().map(n -> contrast.towards(i, n))));
    }

    private static NDArray mean(Stream<NDArray> losses) {
        List<NDArray> all = losses.toList();
        return Ops.scale(all.stream().reduce(NDArray::add).orElseThrow(), 1.0 / all.size());
    }

    /** The second view enters first, as published. */
    private void remember(List<Features> texts, Batch batch) {
        for (Features view : List.of(texts.get(1), texts.get(0))) {
            seen.add(new SeenTexts(queue.keep(view.own()), queue.keep(batch.get("caption"))));
        }
    }

    /**
     * Puts the texts of the step into the queue. Published code does so at the end of the forward pass; here all
     * micro-batches of a step read the same queue, and losses alone change nothing.
     */
    @Override
    public void afterUpdate(long step) {
        model.clampScale();
        for (SeenTexts texts : seen) {
            queue.enqueue(texts.features_BE(), texts.captions_B());
            texts.features_BE().close();
            texts.captions_B().close();
        }
        seen.clear();
    }

    @Override
    public Buffers buffers() {
        return usesQueue() ? new Buffers(queue.arrays()) : Buffers.none();
    }

    private record SeenTexts(NDArray features_BE, NDArray captions_B) {}
}

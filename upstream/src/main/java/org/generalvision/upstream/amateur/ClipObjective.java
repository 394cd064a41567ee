package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.train.ChunkedObjective;
import org.generalvision.train.Losses;

/** CLIP (arXiv 2103.00020), the baseline: one image view, one text, InfoNCE alone. */
public final class ClipObjective implements ChunkedObjective {
    private final ImageTextModel model;
    private final ClipConfig config;
    private final Replicas replicas;

    /**
     * An objective.
     *
     * @param model initialized
     */
    public ClipObjective(ImageTextModel model, ClipConfig config, Replicas replicas) {
        this.model = model;
        this.config = config;
        this.replicas = replicas;
    }

    @Override
    public ImageTextModel model() {
        return model;
    }

    @Override
    public int chunkSize() {
        return config.chunkSize();
    }

    /** Embeddings of the images and of the texts, not normalized (B, E). */
    @Override
    public NDList encode(Batch samples, Pass pass) {
        return new NDList(
                model.imageEmbedding(samples.get("image"), pass),
                model.encodeText(samples.get("text"), pass).embedding_BE());
    }

    @Override
    public Losses losses(NDList encoded, Batch batch, Pass pass) {
        NDArray image_BE = Ops.normalize(encoded.get(0), 1);
        NDArray text_BE = Ops.normalize(encoded.get(1), 1);
        ContrastiveLoss contrast = new ContrastiveLoss(
                batch.get("caption"), model.scale(image_BE.getManager()), replicas, config.equalCaptionsAreNegatives());
        return new Losses().add("contrast", 1, contrast.between(contrast.gather(image_BE), contrast.gather(text_BE)));
    }

    @Override
    public void afterUpdate(long step) {
        model.clampScale();
    }
}

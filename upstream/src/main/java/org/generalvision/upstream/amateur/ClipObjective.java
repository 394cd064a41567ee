package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.train.Losses;
import org.generalvision.train.Objective;

/** CLIP (arXiv 2103.00020), the baseline: one image view, one text, InfoNCE alone. */
public final class ClipObjective implements Objective {
    private final ImageTextModel model;
    private final boolean equalCaptionsAreNegatives;
    private final Replicas replicas;

    /**
     * An objective.
     *
     * @param model initialized
     * @param equalCaptionsAreNegatives whether another sample of a batch with the same caption counts as wrong, as published
     */
    public ClipObjective(ImageTextModel model, boolean equalCaptionsAreNegatives, Replicas replicas) {
        this.model = model;
        this.equalCaptionsAreNegatives = equalCaptionsAreNegatives;
        this.replicas = replicas;
    }

    @Override
    public ImageTextModel model() {
        return model;
    }

    @Override
    public Losses losses(Batch batch, Pass pass) {
        NDArray image_BE = Ops.normalize(model.imageEmbedding(batch.get("image"), pass), 1);
        NDArray text_BE = model.textFeatures(batch.get("text"), pass);
        ContrastiveLoss contrast = new ContrastiveLoss(
                batch.get("caption"), model.scale(image_BE.getManager()), replicas, equalCaptionsAreNegatives);
        return new Losses().add("contrast", 1, contrast.between(contrast.gather(image_BE), contrast.gather(text_BE)));
    }

    @Override
    public void afterUpdate(long step) {
        model.clampScale();
    }
}

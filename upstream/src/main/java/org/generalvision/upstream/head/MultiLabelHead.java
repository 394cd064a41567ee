package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.LossOps;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * Any number of concepts for each image, each yes or no: a linear map of the pooled feature. What a data set does not annotate is
 * unknown, never absent: such concepts have no part in the loss. Parameters {@code fc.weight}, {@code fc.bias}.
 */
public final class MultiLabelHead extends Layer {
    private final int concepts;
    private final Linear fc;

    /**
     * A head that is not yet initialized.
     *
     * @param in width of the feature
     * @param concepts at least 1, such as the size of a {@link org.generalvision.data.label.LabelSpace}
     */
    public MultiLabelHead(int in, int concepts) {
        if (concepts < 1) {
            throw new IllegalArgumentException("A multi-label classification needs at least one concept: " + concepts);
        }
        this.concepts = concepts;
        fc = child("fc", new Linear(in, concepts));
    }

    /** Logits of the concepts: (B, in) to (B, concepts). */
    @Override
    public NDArray forward(NDArray features, Pass pass) {
        return fc.forward(features, pass);
    }

    /**
     * Mean binary cross entropy over all that is known of the batch; 0 if nothing is.
     *
     * @param features (B, in)
     * @param present (B, concepts), 1 for the concepts that are there, ancestors included, and 0 for all others
     * @param known (B, concepts), 1 for the concepts that are known to be there or not and 0 for all others
     */
    public NDArray loss(NDArray features, NDArray present, NDArray known, Pass pass) {
        return loss(forward(features, pass), present, known);
    }

    /**
     * The same from scores that have been made already.
     *
     * @param logits (B, concepts)
     */
    public NDArray loss(NDArray logits, NDArray present, NDArray known) {
        if (present.getShape().get(1) != concepts || !present.getShape().equals(known.getShape())) {
            throw new IllegalArgumentException("Targets must be of %d concepts: present is %s, known is %s"
                    .formatted(concepts, present.getShape(), known.getShape()));
        }
        return LossOps.binaryCrossEntropy(Ops.widened(logits), present, known);
    }
}

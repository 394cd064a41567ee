package org.generalvision.upstream.distill;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Ops;

/**
 * Kullback-Leibler divergence of a student's classes from its teacher's at a temperature T (arXiv 1503.02531, section 2): both
 * logits are divided by T, and the divergence is multiplied by T squared, so that its gradient does not shrink with T.
 *
 * @param temperature T, positive; above 1 the teacher's small probabilities count more
 */
record SoftTargets(double temperature) {
    SoftTargets {
        if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("temperature must be positive and finite: " + temperature);
        }
    }

    /**
     * Mean over all images, or over all cells of all images.
     *
     * @param student logits (B, classes, ...)
     * @param teacher logits of the same shape
     */
    NDArray divergence(NDArray student, NDArray teacher) {
        NDArray logP = Ops.logSoftmax(Ops.scale(Ops.widened(teacher), 1 / temperature), 1);
        NDArray logQ = Ops.logSoftmax(Ops.scale(Ops.widened(student), 1 / temperature), 1);
        NDArray each = logP.exp().mul(logP.sub(logQ)).sum(new int[] {1});
        return Ops.scale(each.mean(), temperature * temperature);
    }

    /**
     * The same for concepts that are present or not, each for itself: mean over all concepts of all images.
     *
     * @param student logits (B, concepts), of which the sigmoid is the probability of presence
     * @param teacher logits of the same shape
     */
    NDArray ofConcepts(NDArray student, NDArray teacher) {
        return divergence(orAbsent(student), orAbsent(teacher));
    }

    /** A second class of logit 0 beside each: the softmax of (x, 0) is (sigmoid(x), 1 - sigmoid(x)). */
    private static NDArray orAbsent(NDArray logits) {
        NDArray present = Ops.widened(logits).expandDims(1);
        return present.concat(present.zerosLike(), 1);
    }
}

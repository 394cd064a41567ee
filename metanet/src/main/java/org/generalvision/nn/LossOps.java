package org.generalvision.nn;

import ai.djl.ndarray.NDArray;

/** Losses of dense heads; bfloat16 predictions are widened to float32 first. */
public final class LossOps {
    private LossOps() {}

    /**
     * Sum of the smooth L1 losses of all elements (arXiv 1504.08083, equation 3, with the turn at beta): d^2 / (2 beta) below
     * beta, |d| - beta / 2 above.
     *
     * @param beta positive
     */
    public static NDArray smoothL1Sum(NDArray x, NDArray targets, double beta) {
        if (!(beta > 0)) {
            throw new IllegalArgumentException("beta must be positive: " + beta);
        }
        return Ops.library().tensor(x, "smooth_l1_sum", x, targets, beta);
    }

    /**
     * Weighted mean of the binary cross entropies of sigmoid(x); 0 if all weights are 0.
     *
     * @param x logits of any shape
     * @param targets of the same shape and number format, in [0, 1]
     * @param weights of the same shape and number format, at least 0; 0 for elements of which nothing is known
     */
    public static NDArray binaryCrossEntropy(NDArray x, NDArray targets, NDArray weights) {
        return Ops.library().tensor(x, "binary_cross_entropy", x, targets, weights);
    }

    /**
     * Scale-invariant error of logarithmic depth (arXiv 1406.2283, equation 4, as arXiv 1907.10326 uses it): with d = x - ln t
     * over the elements with t above 0, factor * sqrt(mean(d^2) - share * mean(d)^2 + 1e-8). The small number, which those
     * papers do not have, keeps the gradient finite where all errors are 0.
     *
     * @param x natural logarithms of predicted depths
     * @param truths of the same shape and number format, in metres; 0 where unknown
     * @param share of the common error that is forgiven, in [0, 1]
     */
    public static NDArray scaleInvariantLog(NDArray x, NDArray truths, double share, double factor) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share must lie in [0, 1]: " + share);
        }
        return Ops.library().tensor(x, "scale_invariant_log", x, truths, share, factor);
    }
}

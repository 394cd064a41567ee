package org.generalvision.benchmark.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * C * sum_i NLL_i + 0.5 * ||W||^2 of multinomial logistic regression as a function of the weights W (D, K), row by row, followed
 * by the K intercepts, which are not penalized. Shapes: N samples, D features, K classes. All is float64, but for the two
 * products with the features, which are made in the features' own number format.
 */
final class SoftmaxObjective implements Lbfgs.Objective {
    private final NDArray x_ND;
    private final NDArray target_NK;
    private final double c;
    private final int numFeatures;
    private final int numClasses;

    /**
     * The objective of one training set.
     *
     * @param x_ND float64, or float32 where a rough minimum will do
     * @param target_NK one-hot classes, float64
     * @param c weight of the data, positive
     */
    SoftmaxObjective(NDArray x_ND, NDArray target_NK, double c) {
        this.x_ND = x_ND;
        this.target_NK = target_NK;
        this.c = c;
        numFeatures = (int) x_ND.getShape().get(1);
        numClasses = (int) target_NK.getShape().get(1);
    }

    @Override
    public double evaluate(double[] point, double[] gradient) {
        int numWeights = numFeatures * numClasses;
        try (NDManager scratch = x_ND.getManager().newSubManager()) {
            NDArray all = scratch.create(point, new Shape(numFeatures + 1, numClasses));
            NDArray w_DK = all.get("0:" + numFeatures);
            NDArray b_K = all.get(numFeatures);
            NDArray logits_NK = x_ND.matMul(as(x_ND, w_DK));
            logits_NK.attach(scratch);
            NDArray logp_NK = as(b_K, logits_NK).add(b_K).logSoftmax(1);
            double nll = -logp_NK.mul(target_NK).sum().getDouble();
            // d NLL / d logits = softmax - target
            NDArray residual_NK = logp_NK.exp().sub(target_NK);
            NDArray dW_DK = as(x_ND, residual_NK).transpose().matMul(x_ND).transpose();
            double[] dW = as(residual_NK, dW_DK).toDoubleArray();
            double[] dB = residual_NK.sum(new int[] {0}).toDoubleArray();
            double squaredNorm = 0;
            for (int i = 0; i < numWeights; i++) {
                gradient[i] = c * dW[i] + point[i];
                squaredNorm += point[i] * point[i];
            }
            for (int k = 0; k < numClasses; k++) {
                gradient[numWeights + k] = c * dB[k];
            }
            return c * nll + 0.5 * squaredNorm;
        }
    }

    /** An array in the number format of another one. */
    private static NDArray as(NDArray model, NDArray x) {
        return x.toType(model.getDataType(), false);
    }
}

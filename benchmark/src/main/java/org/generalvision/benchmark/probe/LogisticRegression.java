package org.generalvision.benchmark.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import java.util.Arrays;
import org.generalvision.metric.Predictions;

/**
 * A fitted multinomial logistic regression: p(k | x) is the softmax over the K classes of x W + b. It minimizes
 * C * sum_i NLL_i + 0.5 * ||W||^2 over its training set, with b not penalized.
 *
 * @param classes the K class numbers of the training set, ascending
 * @param parameters weights W (D, K) row by row, then the K intercepts b, for features as they are
 * @param c weight C of the data
 * @param objective the minimum that was found
 * @param iterations of the optimizer
 * @param converged whether the objective is certified to lie within {@link TrainingFeatures#TOLERANCE} of the minimum,
 *     relative to its value
 */
public record LogisticRegression(
        ImmutableLongArray classes,
        ImmutableDoubleArray parameters,
        double c,
        double objective,
        int iterations,
        boolean converged) {

    /** Fits one model; use {@link TrainingFeatures} to fit several to the same features. */
    public static LogisticRegression fit(LabelledFeatures train, double c) {
        try (TrainingFeatures prepared = TrainingFeatures.of(train)) {
            return prepared.fit(c);
        }
    }

    /** Number of features D. */
    public int width() {
        return parameters.length() / classes.length() - 1;
    }

    /**
     * Log probabilities (N, K) of classes in the order of {@link #classes}, float64, owned by {@code owner}.
     *
     * @param features (N, D) of any number format
     */
    public NDArray logProbabilities(NDArray features, NDManager owner) {
        int d = width();
        if (features.getShape().dimension() != 2 || features.getShape().get(1) != d) {
            throw new IllegalArgumentException(
                    "The probe was trained on " + d + " features, but is given shape " + features.getShape());
        }
        try (NDManager scratch = owner.newSubManager()) {
            NDArray all = scratch.create(parameters.toArray(), new Shape(d + 1, classes.length()));
            NDArray x_ND = features.toType(DataType.FLOAT64, true);
            x_ND.attach(scratch);
            NDArray logp_NK = x_ND.matMul(all.get("0:" + d)).add(all.get(d)).logSoftmax(1);
            logp_NK.attach(owner);
            return logp_NK;
        }
    }

    /**
     * What the model says about a test set, with its classes numbered from 0 in ascending order.
     *
     * @throws IllegalArgumentException if a test label does not occur in the training set: the probe gives that class no
     *     probability at all, so the log loss would be infinite
     */
    public Predictions predict(LabelledFeatures test) {
        int[] targets = indexesOf(test.labels());
        try (NDManager scratch = test.features().getManager().newSubManager()) {
            double[] logp = logProbabilities(test.features(), scratch).toDoubleArray();
            return new Predictions(logp, classes.length(), targets);
        }
    }

    private int[] indexesOf(ImmutableLongArray labels) {
        long[] sorted = classes.toArray();
        int[] indexes = new int[labels.length()];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = Arrays.binarySearch(sorted, labels.get(i));
            if (indexes[i] < 0) {
                throw new IllegalArgumentException("Test label " + labels.get(i) + " (row " + i
                        + ") does not occur among the training labels, so it would have no probability; "
                        + "leave out its rows or add some to the training set");
            }
        }
        return indexes;
    }
}

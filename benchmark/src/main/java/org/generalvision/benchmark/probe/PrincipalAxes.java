package org.generalvision.benchmark.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.Doubles;
import java.util.Arrays;
import org.generalvision.nn.Ops;
import org.jspecify.annotations.Nullable;

/**
 * The center and the principal axes of a training set.
 *
 * <p>Logistic regression with a free intercept and a penalty on ||W||^2 does not change when features are shifted and rotated:
 * the intercept absorbs the shift, and a rotation keeps the norm. In these coordinates the curvature is close to diagonal, which
 * makes a diagonal preconditioner a good one. Along axes without spread the best weight is zero, so they are left out.
 * Shapes: N samples, D features, R axes; float64.
 */
final class PrincipalAxes {
    private final NDArray mean_D;
    private final @Nullable NDArray axes_DR;
    private final double[] spread;

    private PrincipalAxes(NDArray mean_D, @Nullable NDArray axes_DR, double[] spread) {
        this.mean_D = mean_D;
        this.axes_DR = axes_DR;
        this.spread = spread;
    }

    /** The R = min(D, N - 1) axes (at least 1) of a set of features, by ascending spread, owned by {@code owner}. */
    static PrincipalAxes of(NDArray features_ND, NDManager owner) {
        int n = (int) features_ND.getShape().get(0);
        int d = (int) features_ND.getShape().get(1);
        int r = Math.max(1, Math.min(d, n - 1));
        try (NDManager scratch = owner.newSubManager()) {
            NDArray x_ND = float64(features_ND, scratch);
            NDArray mean_D = x_ND.mean(new int[] {0});
            NDArray centered_ND = x_ND.sub(mean_D);
            NDList eigen = Ops.symmetricEigen(centered_ND.transpose().matMul(centered_ND));
            NDArray values_R = eigen.get(0).get((d - r) + ":");
            NDArray axes_DR = eigen.get(1).get(":, " + (d - r) + ":").duplicate();
            mean_D.attach(owner);
            axes_DR.attach(owner);
            return new PrincipalAxes(mean_D, axes_DR, clipped(values_R.toDoubleArray()));
        }
    }

    /** The columns of features as their axes: for features that are already turned to those of a larger set. */
    static PrincipalAxes given(NDArray features_ND, NDManager owner) {
        try (NDManager scratch = owner.newSubManager()) {
            NDArray x_ND = float64(features_ND, scratch);
            NDArray mean_D = x_ND.mean(new int[] {0});
            double[] spread = x_ND.sub(mean_D).square().sum(new int[] {0}).toDoubleArray();
            mean_D.attach(owner);
            return new PrincipalAxes(mean_D, null, spread);
        }
    }

    private static double[] clipped(double[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(0, values[i]);
        }
        return values;
    }

    private static NDArray float64(NDArray x, NDManager owner) {
        NDArray wide = x.toType(DataType.FLOAT64, true);
        wide.attach(owner);
        return wide;
    }

    /** Number of axes R. */
    int count() {
        return spread.length;
    }

    /** Sum of squared coordinates of the training set along axis {@code r}. */
    double spread(int r) {
        return spread[r];
    }

    /** Sum of squared distances of the training set from its center. */
    double totalSpread() {
        return Arrays.stream(spread).sum();
    }

    /** Coordinates (N, R) of features (N, D) of any number format. */
    NDArray project(NDArray features_ND, NDManager owner) {
        try (NDManager scratch = owner.newSubManager()) {
            NDArray centered_ND = float64(features_ND, scratch).sub(mean_D);
            NDArray projected_NR = axes_DR == null ? centered_ND : centered_ND.matMul(axes_DR);
            projected_NR.attach(owner);
            return projected_NR;
        }
    }

    /** Weights (R, K) and intercepts (K) in these coordinates, as weights (D, K) and intercepts (K) for features as they are. */
    double[] toFeatures(double[] rotated, int numClasses) {
        try (NDManager scratch = mean_D.getManager().newSubManager()) {
            NDArray all = scratch.create(rotated, new Shape(count() + 1, numClasses));
            NDArray w_RK = all.get("0:" + count());
            NDArray w_DK = axes_DR == null
                    ? w_RK
                    : w_RK.transpose().matMul(axes_DR.transpose()).transpose();
            NDArray b_K = all.get(count()).sub(w_DK.transpose().matMul(mean_D));
            return join(w_DK, b_K);
        }
    }

    /** The inverse of {@link #toFeatures} for weights that lie within the axes. */
    double[] fromFeatures(double[] parameters, int numClasses) {
        int d = (int) mean_D.getShape().get(0);
        try (NDManager scratch = mean_D.getManager().newSubManager()) {
            NDArray all = scratch.create(parameters, new Shape(d + 1, numClasses));
            NDArray w_DK = all.get("0:" + d);
            NDArray w_RK =
                    axes_DR == null ? w_DK : w_DK.transpose().matMul(axes_DR).transpose();
            NDArray b_K = all.get(d).add(w_DK.transpose().matMul(mean_D));
            return join(w_RK, b_K);
        }
    }

    private static double[] join(NDArray weights, NDArray intercepts) {
        return Doubles.concat(weights.toDoubleArray(), intercepts.toDoubleArray());
    }
}

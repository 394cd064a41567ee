package org.generalvision.benchmark.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import org.generalvision.nn.Ops;

/**
 * Turns features to the principal axes of a pool of images, of which shares are probed. A rotation changes no logistic
 * regression whose penalty is ||W||^2, so one decomposition serves every share and every C. Labels play no part. Axes along
 * which the pool has no more spread than float32 can tell from none are left out, and those beyond a limit, if one is set.
 * Shapes: N samples, D features, R axes.
 */
public final class Decorrelation {
    /** Relative to the widest axis, as variance: the square of float32's resolution, times some headroom. */
    private static final double NEGLIGIBLE = 1e-12;

    /** Rows that are widened to float64 at a time. */
    private static final int ROWS = 4096;

    private final NDArray mean_D;
    private final NDArray turn_DR;

    private Decorrelation(NDArray mean_D, NDArray turn_DR) {
        this.mean_D = mean_D;
        this.turn_DR = turn_DR;
    }

    /**
     * The axes of features as they are.
     *
     * @param limit how many axes are kept at most, those of the largest spread
     */
    public static Decorrelation of(LabelledFeatures pool, int limit, NDManager owner) {
        return of(pool, limit, owner, false);
    }

    /**
     * The axes of features each of which is first divided by its standard deviation over the pool, so that those of all depths
     * of a network count alike.
     *
     * @param limit how many axes are kept at most, those of the largest spread
     */
    public static Decorrelation ofStandardized(LabelledFeatures pool, int limit, NDManager owner) {
        return of(pool, limit, owner, true);
    }

    private static Decorrelation of(LabelledFeatures pool, int limit, NDManager owner, boolean standardize) {
        if (limit < 1) {
            throw new IllegalArgumentException("At least one axis must be kept: " + limit);
        }
        try (NDManager scratch = owner.newSubManager()) {
            NDArray x_ND = pool.features().toType(DataType.FLOAT64, true);
            x_ND.attach(scratch);
            NDArray mean_D = x_ND.mean(new int[] {0});
            x_ND.subi(mean_D);
            NDArray scatter_DD = x_ND.transpose().matMul(x_ND);
            NDArray scale_D = standardize ? inverseDeviation(x_ND) : mean_D.onesLike();
            NDList eigen = Ops.symmetricEigen(scatter_DD.mul(scale_D).mul(scale_D.reshape(-1, 1)));
            double[] spread = eigen.get(0).toDoubleArray();
            int first = Math.max(0, spread.length - limit);
            while (first < spread.length - 1 && spread[first] <= NEGLIGIBLE * spread[spread.length - 1]) {
                first++;
            }
            NDArray turn_DR = eigen.get(1).get(":, " + first + ":").mul(scale_D.reshape(-1, 1));
            mean_D.attach(owner);
            turn_DR.attach(owner);
            return new Decorrelation(mean_D, turn_DR);
        }
    }

    /** 0 for a feature that is the same for all. */
    private static NDArray inverseDeviation(NDArray centered_ND) {
        NDArray variance_D = centered_ND.square().mean(new int[] {0});
        NDArray varies_D = variance_D.gt(NEGLIGIBLE * variance_D.max().getDouble());
        return varies_D.toType(DataType.FLOAT64, false)
                .div(variance_D.add(Double.MIN_NORMAL).sqrt());
    }

    /** Number of axes R. */
    public int width() {
        return (int) turn_DR.getShape().get(1);
    }

    /** Features of the pool's kind in the new axes, uncorrelated over the pool; owned by {@code owner}. */
    public LabelledFeatures turn(LabelledFeatures features, NDManager owner) {
        NDList parts = new NDList();
        for (int row = 0; row < features.size(); row += ROWS) {
            try (NDManager scratch = owner.newSubManager()) {
                int end = Math.min(features.size(), row + ROWS);
                NDArray x_ND = features.features().get("{}:{}", row, end);
                x_ND.attach(scratch);
                NDArray wide_ND = x_ND.toType(DataType.FLOAT64, true).sub(mean_D);
                NDArray turned_NR = wide_ND.matMul(turn_DR).toType(DataType.FLOAT32, true);
                turned_NR.attach(owner);
                parts.add(turned_NR);
            }
        }
        NDArray all_NR = NDArrays.concat(parts, 0);
        parts.close();
        return new LabelledFeatures(all_NR, features.labels());
    }
}

package org.generalvision.benchmark.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A training set made ready for fitting: turned to its principal axes once, which serves every C of a sweep, unless its
 * columns are nearly uncorrelated already.
 *
 * <p>The search ends when the objective is certainly within {@link #TOLERANCE} of its minimum, relatively. After the
 * intercepts are eliminated the objective is strongly convex with modulus 1, because of its term 0.5 * ||W||^2; so it lies at
 * most ||gradient||^2 / 2 above the minimum.
 */
public final class TrainingFeatures implements AutoCloseable {
    /** How far the objective may lie above the minimum, relative to its value. */
    public static final double TOLERANCE = 1e-9;

    /** Features have their inner products computed: this many columns take 2 GiB. */
    static final int MAX_WIDTH = 16_384;

    private static final int MAX_ITERATIONS = 5_000;
    private static final Logger LOG = LoggerFactory.getLogger(TrainingFeatures.class);

    private final NDManager manager;
    private final PrincipalAxes axes;
    private final NDArray x_NR;
    private final NDArray target_NK;
    private final ImmutableLongArray classes;

    private TrainingFeatures(
            NDManager manager, LabelledFeatures train, Form form, DataType precision, ImmutableLongArray classes) {
        this.manager = manager;
        this.classes = classes;
        axes = form == Form.UNCORRELATED
                ? PrincipalAxes.given(train.features(), manager)
                : PrincipalAxes.of(train.features(), manager);
        x_NR = in(precision, axes.project(train.features(), manager));
        target_NK = oneHot(train.labels(), classes, manager);
    }

    /** What is known of the columns of a training set. It decides on speed alone, not on the minimum that is found. */
    public enum Form {
        /** Nothing. */
        ANY,
        /** Nearly uncorrelated, as those that {@link Decorrelation} makes. */
        UNCORRELATED
    }

    private static NDArray in(DataType precision, NDArray x) {
        if (x.getDataType() == precision) {
            return x;
        }
        NDArray converted = x.toType(precision, true);
        x.close();
        return converted;
    }

    /**
     * Prepares a training set for exact fits.
     *
     * @throws IllegalArgumentException if all rows have the same label, or there are too many columns
     */
    public static TrainingFeatures of(LabelledFeatures train) {
        return of(train, Form.ANY, DataType.FLOAT64);
    }

    /**
     * Prepares a training set.
     *
     * @param precision of the products with the features: float64, or float32 for rough fits
     */
    static TrainingFeatures of(LabelledFeatures train, Form form, DataType precision) {
        ImmutableLongArray classes = ImmutableLongArray.copyOf(
                Arrays.stream(train.labels().toArray()).sorted().distinct());
        if (classes.length() < 2) {
            throw new IllegalArgumentException("All " + train.size() + " training rows have label " + classes.get(0)
                    + "; a probe needs at least two classes");
        }
        if (train.width() > MAX_WIDTH) {
            throw new IllegalArgumentException("The probe takes at most " + MAX_WIDTH + " features per row, not "
                    + train.width() + "; reduce them, for example by pooling");
        }
        NDManager manager = train.features().getManager().newSubManager();
        return new TrainingFeatures(manager, train, form, precision, classes);
    }

    private static NDArray oneHot(ImmutableLongArray labels, ImmutableLongArray classes, NDManager owner) {
        long[] sorted = classes.toArray();
        double[] target = new double[labels.length() * sorted.length];
        for (int i = 0; i < labels.length(); i++) {
            target[i * sorted.length + Arrays.binarySearch(sorted, labels.get(i))] = 1;
        }
        return owner.create(target, new Shape(labels.length(), sorted.length));
    }

    /** Mean squared distance of a row from the center: what makes one C comparable with another on other features. */
    public double variance() {
        return axes.totalSpread() / x_NR.getShape().get(0);
    }

    /** Fits a model, starting at W = 0. */
    public LogisticRegression fit(double c) {
        return fit(c, null);
    }

    /**
     * Fits a model.
     *
     * @param c weight of the data, positive
     * @param start a model of these features and classes to start from, or null
     */
    public LogisticRegression fit(double c, @Nullable LogisticRegression start) {
        return fit(c, start, TOLERANCE);
    }

    /** Fits a model whose objective certainly lies at most {@code tolerance} above the minimum, relative to its value. */
    LogisticRegression fit(double c, @Nullable LogisticRegression start, double tolerance) {
        return fit(c, start, inverseCurvature -> gradient -> certainExcess(gradient, inverseCurvature), tolerance);
    }

    /**
     * Fits a model whose objective lies about {@code tolerance} above the minimum, relative to its value: the distance is
     * taken from the estimated curvature, which spares the many steps that a proof needs.
     */
    LogisticRegression fitRoughly(double c, @Nullable LogisticRegression start, double tolerance) {
        return fit(c, start, inverseCurvature -> gradient -> likelyExcess(gradient, inverseCurvature), tolerance);
    }

    /** How far an objective lies above its minimum, from its gradient. */
    private interface Excess {
        double of(double[] gradient);
    }

    private LogisticRegression fit(
            double c, @Nullable LogisticRegression start, Function<double[], Excess> measure, double tolerance) {
        if (!(c > 0) || Double.isInfinite(c)) {
            throw new IllegalArgumentException("C must be positive and finite, but is " + c);
        }
        int k = classes.length();
        double[] from = start == null
                ? new double[(axes.count() + 1) * k]
                : axes.fromFeatures(start.parameters().toArray(), k);
        double[] inverseCurvature = inverseCurvature(c, from);
        Excess excess = measure.apply(inverseCurvature);
        Lbfgs.Result result = Lbfgs.minimize(
                new SoftmaxObjective(x_NR, target_NK, c),
                from,
                inverseCurvature,
                (value, gradient) -> excess.of(gradient) <= tolerance * value,
                MAX_ITERATIONS);
        if (!result.converged() && x_NR.getDataType() == DataType.FLOAT64) {
            LOG.warn("The probe with C = {} stopped after {} iterations before it converged", c, result.iterations());
        }
        ImmutableDoubleArray parameters = ImmutableDoubleArray.copyOf(axes.toFeatures(result.point(), k));
        return new LogisticRegression(classes, parameters, c, result.value(), result.iterations(), result.converged());
    }

    /** At most how far the objective lies above its minimum. */
    private double certainExcess(double[] gradient, double[] inverseCurvature) {
        int numWeights = axes.count() * classes.length();
        double sum = 0;
        for (int i = 0; i < gradient.length; i++) {
            // An intercept has no modulus of its own; its estimated curvature stands in.
            sum += gradient[i] * gradient[i] * (i < numWeights ? 1 : Math.max(1, inverseCurvature[i]));
        }
        return sum / 2;
    }

    /** Half the squared length of the Newton step, as far as the estimated curvature is right. */
    private static double likelyExcess(double[] gradient, double[] inverseCurvature) {
        double sum = 0;
        for (int i = 0; i < gradient.length; i++) {
            sum += gradient[i] * gradient[i] * inverseCurvature[i];
        }
        return sum / 2;
    }

    /**
     * The inverse of 1 + C * sum_i p_ik (1 - p_ik) x_ir^2 with the mean of p (1 - p) over rows and classes at the start, in place
     * of each row's own.
     */
    private double[] inverseCurvature(double c, double[] at) {
        int k = classes.length();
        double uncertainty = uncertainty(at);
        double[] inverse = new double[at.length];
        for (int r = 0; r <= axes.count(); r++) {
            boolean intercept = r == axes.count();
            double curvature =
                    intercept ? c * uncertainty * x_NR.getShape().get(0) : 1 + c * uncertainty * axes.spread(r);
            Arrays.fill(inverse, r * k, (r + 1) * k, 1 / curvature);
        }
        return inverse;
    }

    private double uncertainty(double[] at) {
        int r = axes.count();
        try (NDManager scratch = manager.newSubManager()) {
            NDArray all = scratch.create(at, new Shape(r + 1, classes.length())).toType(x_NR.getDataType(), false);
            NDArray logits_NK = x_NR.matMul(all.get("0:" + r));
            logits_NK.attach(scratch);
            NDArray p_NK = logits_NK.add(all.get(r)).softmax(1);
            return Math.max(
                    1e-6,
                    p_NK.sub(p_NK.square())
                            .mean()
                            .toType(DataType.FLOAT64, false)
                            .getDouble());
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}

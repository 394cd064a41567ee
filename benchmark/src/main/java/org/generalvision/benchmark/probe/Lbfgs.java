package org.generalvision.benchmark.probe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Limited-memory BFGS for smooth convex functions, with a diagonal preconditioner (Nocedal and Wright, Numerical
 * Optimization, algorithms 7.4 and 7.5).
 */
final class Lbfgs {
    private static final int MEMORY = 20;

    private Lbfgs() {}

    /** A convex function. */
    interface Objective {
        /**
         * The value at a point.
         *
         * @param gradient is overwritten with the gradient at that point
         */
        double evaluate(double[] point, double[] gradient);
    }

    /** Whether a point is good enough. */
    interface Tolerance {
        boolean isMet(double value, double[] gradient);
    }

    /**
     * Where the search ended.
     *
     * @param converged whether the tolerance is met; if not, {@code maxIterations} were done or rounding stopped progress
     */
    @SuppressWarnings("ArrayRecordComponent") // handed from the search to its only caller
    record Result(double[] point, double value, int iterations, boolean converged) {}

    /**
     * Minimizes a function.
     *
     * @param start is not changed
     * @param inverseCurvature an estimate of the inverse second derivative in each coordinate
     */
    static Result minimize(
            Objective objective, double[] start, double[] inverseCurvature, Tolerance tolerance, int maxIterations) {
        Deque<Correction> corrections = new ArrayDeque<>();
        double[] gradient = new double[start.length];
        double value = objective.evaluate(start, gradient);
        LineSearch.Point current = new LineSearch.Point(start.clone(), value, gradient);
        for (int iteration = 0; iteration < maxIterations; iteration++) {
            if (tolerance.isMet(current.value(), current.gradient())) {
                return new Result(current.x(), current.value(), iteration, true);
            }
            double[] direction = direction(current.gradient(), corrections, inverseCurvature);
            LineSearch.Point next = LineSearch.along(objective, current, direction);
            if (next == null) {
                return new Result(current.x(), current.value(), iteration, false);
            }
            Correction correction = Correction.between(current, next);
            if (correction.isUsable()) {
                corrections.addLast(correction);
                if (corrections.size() > MEMORY) {
                    corrections.removeFirst();
                }
            }
            current = next;
        }
        boolean converged = tolerance.isMet(current.value(), current.gradient());
        return new Result(current.x(), current.value(), maxIterations, converged);
    }

    /** Algorithm 7.4, the two-loop recursion, negated: a direction of descent. */
    private static double[] direction(double[] gradient, Deque<Correction> corrections, double[] inverseCurvature) {
        double[] q = gradient.clone();
        double[] alphas = new double[corrections.size()];
        int i = corrections.size();
        for (Iterator<Correction> newestFirst = corrections.descendingIterator(); newestFirst.hasNext(); ) {
            Correction c = newestFirst.next();
            alphas[--i] = dot(c.step, q) / c.stepTimesChange;
            add(q, -alphas[i], c.change);
        }
        double scale = corrections.isEmpty() ? 1 : corrections.getLast().scale(inverseCurvature);
        for (int j = 0; j < q.length; j++) {
            q[j] *= scale * inverseCurvature[j];
        }
        for (Correction c : corrections) {
            double beta = dot(c.change, q) / c.stepTimesChange;
            add(q, alphas[i++] - beta, c.step);
        }
        for (int j = 0; j < q.length; j++) {
            q[j] = -q[j];
        }
        return q;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void add(double[] target, double factor, double[] x) {
        for (int i = 0; i < target.length; i++) {
            target[i] += factor * x[i];
        }
    }

    /** One pair of the memory: the step s and the change y of the gradient along it. */
    private static final class Correction {
        private final double[] step;
        private final double[] change;
        private final double stepTimesChange;

        private Correction(double[] step, double[] change) {
            this.step = step;
            this.change = change;
            stepTimesChange = dot(step, change);
        }

        static Correction between(LineSearch.Point from, LineSearch.Point to) {
            double[] step = to.x().clone();
            double[] change = to.gradient().clone();
            add(step, -1, from.x());
            add(change, -1, from.gradient());
            return new Correction(step, change);
        }

        /** False where rounding has eaten the curvature. */
        boolean isUsable() {
            return stepTimesChange > 1e-16 * Math.sqrt(dot(step, step)) * Math.sqrt(dot(change, change));
        }

        /** Equation 7.20 under the preconditioner: the newest curvature relative to the estimated one. */
        double scale(double[] inverseCurvature) {
            double sum = 0;
            for (int i = 0; i < change.length; i++) {
                sum += change[i] * change[i] * inverseCurvature[i];
            }
            return stepTimesChange / sum;
        }
    }
}

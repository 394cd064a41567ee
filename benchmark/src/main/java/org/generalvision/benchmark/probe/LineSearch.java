package org.generalvision.benchmark.probe;

import org.jspecify.annotations.Nullable;

/**
 * A step along a descent direction of a convex function that meets the strong Wolfe conditions (Nocedal and Wright, equation
 * 3.7). On a convex function the sign of the slope tells on which side the minimum lies, so the search narrows an
 * interval by slopes, which stay exact near the minimum, where differences of values drown in rounding.
 */
final class LineSearch {
    private static final double SUFFICIENT_DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;
    private static final double ROUNDING = 1e-14;
    private static final int MAX_EVALUATIONS = 60;

    private LineSearch() {}

    /** A point with the value and the gradient there. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; not changed once made
    record Point(double[] x, double value, double[] gradient) {}

    /** The next point, or null if rounding leaves no progress in this direction. */
    static @Nullable Point along(Lbfgs.Objective objective, Point from, double[] direction) {
        double slope0 = Lbfgs.dot(from.gradient(), direction);
        if (!(slope0 < 0)) {
            return null;
        }
        double low = 0;
        double lowSlope = slope0;
        double high = Double.POSITIVE_INFINITY;
        double highSlope = Double.NaN;
        double step = 1;
        for (int i = 0; i < MAX_EVALUATIONS; i++) {
            Point point = evaluate(objective, from, direction, step);
            double slope = Lbfgs.dot(point.gradient(), direction);
            boolean decreased = point.value()
                    <= from.value() + SUFFICIENT_DECREASE * step * slope0 + ROUNDING * Math.abs(from.value());
            if (decreased && Math.abs(slope) <= CURVATURE * -slope0) {
                return point;
            }
            if (slope < 0) {
                low = step;
                lowSlope = slope;
            } else { // also where the slope is not a number: the step went too far
                high = step;
                highSlope = slope;
            }
            step = next(low, lowSlope, high, highSlope);
        }
        return null;
    }

    /** The zero of the slope by the secant, kept away from the ends of the interval. */
    private static double next(double low, double lowSlope, double high, double highSlope) {
        if (Double.isInfinite(high)) {
            return low * 4;
        }
        double width = high - low;
        double secant = low + width * lowSlope / (lowSlope - highSlope);
        double safe = Double.isFinite(secant) ? secant : low + width / 2;
        return Math.min(Math.max(safe, low + width / 10), high - width / 10);
    }

    private static Point evaluate(Lbfgs.Objective objective, Point from, double[] direction, double step) {
        double[] x = from.x().clone();
        for (int i = 0; i < x.length; i++) {
            x[i] += step * direction[i];
        }
        double[] gradient = new double[x.length];
        return new Point(x, objective.evaluate(x, gradient), gradient);
    }
}

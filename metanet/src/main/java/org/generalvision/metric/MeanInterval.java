package org.generalvision.metric;

import java.util.Arrays;

/**
 * The mean of repeated measurements, such as one per seed, and its 95 % confidence interval by Student's t.
 *
 * @param mean of the values
 * @param halfWidth the interval is mean - halfWidth to mean + halfWidth; NaN for a single value
 * @param count number of values
 */
public record MeanInterval(double mean, double halfWidth, int count) {
    private static final double CONFIDENCE = 0.95;

    public static MeanInterval of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("A mean needs at least one value");
        }
        double mean = Arrays.stream(values).average().orElseThrow();
        if (values.length == 1) {
            return new MeanInterval(mean, Double.NaN, 1);
        }
        int freedom = values.length - 1;
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        double standardError = Math.sqrt(squares / freedom / values.length);
        return new MeanInterval(mean, quantile(freedom) * standardError, values.length);
    }

    /** The t with probability 0.95 between -t and t, by bisection. */
    static double quantile(int freedom) {
        double low = 0;
        double high = 13; // one degree of freedom has 12.71, more have less
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (within(middle, freedom) < CONFIDENCE) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /**
     * Probability between -t and t: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4, finite sums
     * for a whole number of degrees of freedom.
     */
    private static double within(double t, int freedom) {
        double angle = Math.atan(t / Math.sqrt(freedom));
        double cosine = Math.cos(angle);
        boolean odd = freedom % 2 == 1;
        double term = odd ? cosine : 1;
        double sum = 0;
        for (int power = odd ? 1 : 0; power <= freedom - 2; power += 2) {
            sum += term;
            term *= cosine * cosine * (power + 1) / (power + 2);
        }
        return odd ? 2 / Math.PI * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
    }
}

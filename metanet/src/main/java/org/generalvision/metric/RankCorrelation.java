package org.generalvision.metric;

import java.util.Arrays;

/**
 * How far two lists of numbers about the same things order them alike, from -1 (the other way round) to 1 (the same).
 *
 * @param kendall tau-b (Kendall 1945), which counts concordant and discordant pairs and allows for ties
 * @param spearman Pearson's correlation of the ranks, equal values having the mean of theirs
 * @param count of things
 */
public record RankCorrelation(double kendall, double spearman, int count) {

    /**
     * Compares two lists; where one of them has all values equal nothing is ordered and both figures are NaN.
     *
     * @throws IllegalArgumentException if they are not equally long, hold fewer than two values, or hold a NaN
     */
    public static RankCorrelation of(double[] x, double[] y) {
        if (x.length != y.length || x.length < 2) {
            throw new IllegalArgumentException("Rank correlation needs two lists of one length of at least 2: %d and %d"
                    .formatted(x.length, y.length));
        }
        if (Arrays.stream(x).anyMatch(Double::isNaN) || Arrays.stream(y).anyMatch(Double::isNaN)) {
            throw new IllegalArgumentException("Ranks of NaN are not defined");
        }
        return new RankCorrelation(kendall(x, y), pearson(ranks(x), ranks(y)), x.length);
    }

    private static double kendall(double[] x, double[] y) {
        long balance = 0;
        long orderedByX = 0;
        long orderedByY = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < i; j++) {
                int byX = Double.compare(x[i] + 0.0, x[j] + 0.0); // -0.0 + 0.0 is 0.0
                int byY = Double.compare(y[i] + 0.0, y[j] + 0.0);
                balance += (long) Integer.signum(byX) * Integer.signum(byY);
                orderedByX += byX == 0 ? 0 : 1;
                orderedByY += byY == 0 ? 0 : 1;
            }
        }
        return balance / Math.sqrt((double) orderedByX * orderedByY);
    }

    private static double[] ranks(double[] values) {
        double[] ranks = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            for (double other : values) {
                ranks[i] += other < values[i] ? 1 : other == values[i] ? 0.5 : 0;
            }
        }
        return ranks;
    }

    private static double pearson(double[] x, double[] y) {
        double meanX = Arrays.stream(x).average().orElseThrow();
        double meanY = Arrays.stream(y).average().orElseThrow();
        double products = 0;
        double squaresX = 0;
        double squaresY = 0;
        for (int i = 0; i < x.length; i++) {
            products += (x[i] - meanX) * (y[i] - meanY);
            squaresX += (x[i] - meanX) * (x[i] - meanX);
            squaresY += (y[i] - meanY) * (y[i] - meanY);
        }
        return products / Math.sqrt(squaresX * squaresY);
    }
}

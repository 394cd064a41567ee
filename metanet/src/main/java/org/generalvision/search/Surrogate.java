package org.generalvision.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.metric.RankCorrelation;

/**
 * What a table of trained candidates says about all others: the posterior mean of a Gaussian process (Rasmussen and Williams
 * 2006, algorithm 2.1) whose kernel is a weighted sum of {@link Similarity}. The weights are those of the largest marginal
 * likelihood among a grid, found one after another; scale and noise follow from them.
 *
 * <p>Accuracies more than four robust deviations below the median are raised to there before the fit: how badly a training
 * failed says little about neighbors.
 */
final class Surrogate {
    private static final double[] GRID = {0, 0.03, 0.1, 0.3, 1, 3};
    private static final int SWEEPS = 3;
    private static final int FOLDS = 10;
    private static final double ROBUST = 4 * 1.4826;

    private final Similarity similarity;
    private final List<Similarity.Point> points;
    private final double[] weights;
    private final double mean;
    private final double[] coefficients;
    private final double noise;
    private final Quality quality;

    /**
     * How far the surrogate can be trusted. Each candidate is predicted from the nine tenths of the table without it, with the
     * weights of the whole.
     *
     * @param candidates of the table
     * @param spearman rank correlation of prediction and accuracy
     * @param kendall tau-b of the same
     * @param explained share of the variance that the predictions explain
     * @param noise standard deviation of accuracy that the process holds to be chance
     * @param weights of the kernel, in units of the noise
     */
    record Quality(
            int candidates,
            double spearman,
            double kendall,
            double explained,
            double noise,
            SortedMap<String, Double> weights) {}

    /** Fits. */
    static Surrogate fit(FitnessTable table, TokenSpace space) {
        Similarity similarity = new Similarity(space);
        List<Similarity.Point> points =
                table.rows().stream().map(row -> similarity.point(row.tokens())).toList();
        double[] accuracy = raised(
                table.rows().stream().mapToDouble(FitnessTable.Row::accuracy).toArray());
        return new Surrogate(similarity, points, accuracy);
    }

    private Surrogate(Similarity similarity, List<Similarity.Point> points, double[] accuracy) {
        this.similarity = similarity;
        this.points = points;
        double[][][] alike = alike(similarity, points);
        mean = Arrays.stream(accuracy).average().orElseThrow();
        double[] centered = Arrays.stream(accuracy).map(a -> a - mean).toArray();
        weights = weights(alike, centered, similarity.names().size());
        CholeskyFactor factor = CholeskyFactor.of(covariance(alike, weights));
        coefficients = factor.solve(centered);
        noise = Math.sqrt(product(centered, coefficients) / centered.length);
        quality = quality(alike, accuracy);
    }

    /** Expected accuracy of a candidate, in [0, 1]. */
    double accuracy(Tokens tokens) {
        Similarity.Point point = similarity.point(tokens);
        double sum = mean;
        for (int i = 0; i < points.size(); i++) {
            sum += coefficients[i] * product(weights, similarity.of(point, points.get(i)));
        }
        return Math.min(1, Math.max(0, sum));
    }

    Quality quality() {
        return quality;
    }

    /** Standard deviation of accuracy by chance. */
    double noise() {
        return noise;
    }

    private static double[] raised(double[] accuracy) {
        double median = median(accuracy);
        double deviation =
                median(Arrays.stream(accuracy).map(a -> Math.abs(a - median)).toArray());
        return Arrays.stream(accuracy)
                .map(a -> Math.max(a, median - ROBUST * deviation))
                .toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
    }

    private static double[][][] alike(Similarity similarity, List<Similarity.Point> points) {
        int n = points.size();
        double[][][] alike = new double[n][n][];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                alike[i][j] = similarity.of(points.get(i), points.get(j));
                alike[j][i] = alike[i][j];
            }
        }
        return alike;
    }

    /** The kernel's matrix, with noise of variance 1. */
    private static double[][] covariance(double[][][] alike, double[] weights) {
        int n = alike.length;
        double[][] matrix = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                matrix[i][j] = product(weights, alike[i][j]) + (i == j ? 1 : 0);
            }
        }
        return matrix;
    }

    private static double[] weights(double[][][] alike, double[] centered, int count) {
        double[] best = new double[count];
        Arrays.fill(best, 1);
        double highest = likelihood(alike, centered, best);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int k = 0; k < count; k++) {
                for (double weight : GRID) {
                    double[] tried = best.clone();
                    tried[k] = weight;
                    double likelihood = likelihood(alike, centered, tried);
                    if (likelihood > highest) {
                        highest = likelihood;
                        best = tried;
                    }
                }
            }
        }
        return best;
    }

    /** Logarithm of the marginal likelihood at the most likely scale, without constants. */
    private static double likelihood(double[][][] alike, double[] centered, double[] weights) {
        CholeskyFactor factor = CholeskyFactor.of(covariance(alike, weights));
        double scale = product(centered, factor.solve(centered)) / centered.length;
        return -0.5 * (centered.length * Math.log(scale) + factor.logDeterminant());
    }

    private Quality quality(double[][][] alike, double[] accuracy) {
        double[] predicted = new double[accuracy.length];
        for (int fold = 0; fold < FOLDS; fold++) {
            predictFold(fold, alike, accuracy, predicted);
        }
        RankCorrelation ranks = RankCorrelation.of(predicted, accuracy);
        double wrong = 0;
        double all = 0;
        for (int i = 0; i < accuracy.length; i++) {
            wrong += (predicted[i] - accuracy[i]) * (predicted[i] - accuracy[i]);
            all += (accuracy[i] - mean) * (accuracy[i] - mean);
        }
        SortedMap<String, Double> named = new TreeMap<>();
        List<String> names = similarity.names();
        for (int k = 0; k < weights.length; k++) {
            named.put(names.get(k), weights[k]);
        }
        return new Quality(accuracy.length, ranks.spearman(), ranks.kendall(), 1 - wrong / all, noise, named);
    }

    private void predictFold(int fold, double[][][] alike, double[] accuracy, double[] predicted) {
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < accuracy.length; i++) {
            if (i % FOLDS != fold) {
                kept.add(i);
            }
        }
        double[][][] rest = new double[kept.size()][kept.size()][];
        double[] centered = new double[kept.size()];
        double center = kept.stream().mapToDouble(i -> accuracy[i]).average().orElseThrow();
        for (int a = 0; a < kept.size(); a++) {
            centered[a] = accuracy[kept.get(a)] - center;
            for (int b = 0; b < kept.size(); b++) {
                rest[a][b] = alike[kept.get(a)][kept.get(b)];
            }
        }
        double[] solved = CholeskyFactor.of(covariance(rest, weights)).solve(centered);
        for (int i = fold; i < accuracy.length; i += FOLDS) {
            predicted[i] = center;
            for (int a = 0; a < kept.size(); a++) {
                predicted[i] += solved[a] * product(weights, alike[i][kept.get(a)]);
            }
        }
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}

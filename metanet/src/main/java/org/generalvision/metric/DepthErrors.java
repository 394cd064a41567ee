package org.generalvision.metric;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * The usual errors of depth, over the pixels of one image, or their means over images (Eigen et al., arXiv 1406.2283; compute_errors
 * of bts_eval.py in github.com/cleinc/bts). With t the truth, p the prediction and d = ln p - ln t:
 *
 * @param absRel mean of |p - t| / t
 * @param sqRel mean of (p - t)^2 / t, in metres
 * @param rmse root of the mean of (p - t)^2, in metres
 * @param rmseLog root of the mean of d^2
 * @param log10 mean of |log10 p - log10 t|
 * @param silog 100 times the standard deviation of d, which no common factor of the predictions changes
 * @param delta1 share of the pixels with max(p / t, t / p) below 1.25
 * @param delta2 the same below 1.25^2
 * @param delta3 the same below 1.25^3
 */
public record DepthErrors(
        double absRel,
        double sqRel,
        double rmse,
        double rmseLog,
        double log10,
        double silog,
        double delta1,
        double delta2,
        double delta3) {

    /**
     * The errors of some pixels.
     *
     * @param truths positive
     * @param predicted positive, one for each truth
     */
    public static DepthErrors of(double[] truths, double[] predicted) {
        int n = truths.length;
        if (n == 0 || predicted.length != n) {
            throw new IllegalArgumentException(
                    "One prediction for each truth is needed: %d and %d".formatted(predicted.length, n));
        }
        double absolute = 0;
        double square = 0;
        double squares = 0;
        double logs = 0;
        double logSquares = 0;
        double logAbsolute = 0;
        int[] within = new int[3];
        for (int i = 0; i < n; i++) {
            double t = truths[i];
            double p = predicted[i];
            if (!(t > 0 && p > 0)) {
                throw new IllegalArgumentException(
                        "Depths must be positive: pixel %d has %s, predicted %s".formatted(i, t, p));
            }
            double d = Math.log(p) - Math.log(t);
            absolute += Math.abs(p - t) / t;
            square += (p - t) * (p - t) / t;
            squares += (p - t) * (p - t);
            logs += d;
            logSquares += d * d;
            logAbsolute += Math.abs(d) / Math.log(10);
            double ratio = Math.max(p / t, t / p);
            for (int k = 0; k < within.length; k++) {
                within[k] += ratio < Math.pow(1.25, k + 1) ? 1 : 0;
            }
        }
        double variance = Math.max(0, logSquares / n - logs / n * (logs / n)); // rounding must not make it negative
        return new DepthErrors(
                absolute / n,
                square / n,
                Math.sqrt(squares / n),
                Math.sqrt(logSquares / n),
                logAbsolute / n,
                100 * Math.sqrt(variance),
                (double) within[0] / n,
                (double) within[1] / n,
                (double) within[2] / n);
    }

    /**
     * The mean of each error over images, which is how results on KITTI and NYUv2 are reported.
     *
     * @param images at least one
     */
    public static DepthErrors mean(List<DepthErrors> images) {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("No image has a pixel whose depth is known and within the limits");
        }
        return new DepthErrors(
                mean(images, DepthErrors::absRel),
                mean(images, DepthErrors::sqRel),
                mean(images, DepthErrors::rmse),
                mean(images, DepthErrors::rmseLog),
                mean(images, DepthErrors::log10),
                mean(images, DepthErrors::silog),
                mean(images, DepthErrors::delta1),
                mean(images, DepthErrors::delta2),
                mean(images, DepthErrors::delta3));
    }

    private static double mean(List<DepthErrors> images, ToDoubleFunction<DepthErrors> error) {
        return images.stream().mapToDouble(error).average().orElseThrow();
    }

    /** All errors by name. */
    public SortedMap<String, Double> figures() {
        SortedMap<String, Double> figures = new TreeMap<>();
        figures.put("absRel", absRel);
        figures.put("sqRel", sqRel);
        figures.put("rmse", rmse);
        figures.put("rmseLog", rmseLog);
        figures.put("log10", log10);
        figures.put("silog", silog);
        figures.put("delta1", delta1);
        figures.put("delta2", delta2);
        figures.put("delta3", delta3);
        return figures;
    }
}

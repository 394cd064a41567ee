package org.generalvision.nn;

import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Textbook definitions of operators in plain loops, in float64. */
public final class Definitions {
    private Definitions() {}

    public static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    public static double hardSigmoid(double x) {
        return Math.min(Math.max(x / 6 + 0.5, 0), 1);
    }

    /** x times the Gaussian distribution, which is summed as 1/2 + density(x) (x + x^3/3 + x^5/15 + ...). */
    public static double gelu(double x) {
        double term = x;
        double sum = x;
        for (int k = 3; Math.abs(term) > 1e-18; k += 2) {
            term *= x * x / k;
            sum += term;
        }
        return x * (0.5 + Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * sum);
    }

    /** Convolution of (B, C, H, W) with square kernels (out, C / groups, k, k). */
    public static Plain conv2d(
            Plain x, Plain w, @Nullable Plain bias, int stride, int padding, int dilation, int groups) {
        int k = w.size(2);
        int perGroup = w.size(1);
        int outPerGroup = w.size(0) / groups;
        long height = (x.size(2) + 2L * padding - (long) dilation * (k - 1) - 1) / stride + 1;
        long width = (x.size(3) + 2L * padding - (long) dilation * (k - 1) - 1) / stride + 1;
        return Plain.filled(
                i -> {
                    double sum = bias == null ? 0 : bias.at(i[1]);
                    for (int c = 0; c < perGroup; c++) {
                        for (int dy = 0; dy < k; dy++) {
                            for (int dx = 0; dx < k; dx++) {
                                int source = i[1] / outPerGroup * perGroup + c;
                                int y = i[2] * stride - padding + dy * dilation;
                                int z = i[3] * stride - padding + dx * dilation;
                                sum += w.at(i[1], c, dy, dx) * x.atOr(0, i[0], source, y, z);
                            }
                        }
                    }
                    return sum;
                },
                x.size(0),
                w.size(0),
                height,
                width);
    }

    /** Largest value of 3x3 windows, padding 1. */
    public static Plain maxPool3(Plain x, int stride) {
        return Plain.filled(
                i -> {
                    double largest = Double.NEGATIVE_INFINITY;
                    for (int dy = -1; dy <= 1; dy++) {
                        for (int dx = -1; dx <= 1; dx++) {
                            int y = i[2] * stride + dy;
                            int z = i[3] * stride + dx;
                            largest = Math.max(largest, x.atOr(Double.NEGATIVE_INFINITY, i[0], i[1], y, z));
                        }
                    }
                    return largest;
                },
                x.size(0),
                x.size(1),
                (x.size(2) - 1) / stride + 1,
                (x.size(3) - 1) / stride + 1);
    }

    /** Mean of whole windows of size k. */
    public static Plain averagePool(Plain x, int k) {
        return Plain.filled(
                i -> mean(x, i[0], i[1], i[2] * k, i[2] * k + k, i[3] * k, i[3] * k + k),
                x.size(0),
                x.size(1),
                x.size(2) / k,
                x.size(3) / k);
    }

    /** Mean of the cells from floor(i H / h) to ceil((i + 1) H / h). */
    public static Plain adaptivePool(Plain x, int h, int w) {
        return Plain.filled(
                i -> mean(
                        x,
                        i[0],
                        i[1],
                        i[2] * x.size(2) / h,
                        ((i[2] + 1) * x.size(2) + h - 1) / h,
                        i[3] * x.size(3) / w,
                        ((i[3] + 1) * x.size(3) + w - 1) / w),
                x.size(0),
                x.size(1),
                h,
                w);
    }

    private static double mean(Plain x, int b, int c, int top, int bottom, int left, int right) {
        double sum = 0;
        for (int y = top; y < bottom; y++) {
            for (int z = left; z < right; z++) {
                sum += x.at(b, c, y, z);
            }
        }
        return sum / ((bottom - top) * (right - left));
    }

    /**
     * Separable interpolation between the centers of pixels; the border is repeated.
     *
     * @param kernel weight of a pixel at a distance, 0 from {@code reach} on
     */
    public static Plain resize(Plain x, int h, int w, int reach, DoubleUnaryOperator kernel) {
        return Plain.filled(
                i -> {
                    double y = center(i[2], h, x.size(2), reach);
                    double z = center(i[3], w, x.size(3), reach);
                    double sum = 0;
                    for (int dy = 1 - reach; dy <= reach; dy++) {
                        for (int dz = 1 - reach; dz <= reach; dz++) {
                            int sy = (int) Math.floor(y) + dy;
                            int sz = (int) Math.floor(z) + dz;
                            double weight =
                                    kernel.applyAsDouble(Math.abs(y - sy)) * kernel.applyAsDouble(Math.abs(z - sz));
                            sum += weight * x.at(i[0], i[1], clamp(sy, x.size(2)), clamp(sz, x.size(3)));
                        }
                    }
                    return sum;
                },
                x.size(0),
                x.size(1),
                h,
                w);
    }

    private static double center(int i, int to, int from, int reach) {
        double place = (i + 0.5) * from / to - 0.5;
        // Bilinear interpolation stops at the first center; bicubic goes beyond it.
        return reach == 1 ? Math.max(place, 0) : place;
    }

    private static int clamp(int i, int size) {
        return Math.min(Math.max(i, 0), size - 1);
    }

    /** Keys' cubic convolution kernel with a = -0.75. */
    public static double cubic(double t) {
        double a = -0.75;
        if (t <= 1) {
            return (a + 2) * t * t * t - (a + 3) * t * t + 1;
        }
        return t < 2 ? a * t * t * t - 5 * a * t * t + 8 * a * t - 4 * a : 0;
    }

    /** (B, C, H, W) to (B, H W, C). */
    public static Plain tokens(Plain x) {
        int w = x.size(3);
        return Plain.filled(i -> x.at(i[0], i[2], i[1] / w, i[1] % w), x.size(0), (long) x.size(2) * w, x.size(1));
    }

    /** (B, H W, C) to (B, C, H, W). */
    public static Plain map(Plain x, int h, int w) {
        return Plain.filled(i -> x.at(i[0], i[2] * w + i[3], i[1]), x.size(0), x.size(2), h, w);
    }

    /** Softmax of the rows of a matrix. */
    public static double[][] softmax(double[][] scores) {
        double[][] result = new double[scores.length][];
        for (int i = 0; i < scores.length; i++) {
            double sum = 0;
            result[i] = new double[scores[i].length];
            for (double score : scores[i]) {
                sum += Math.exp(score);
            }
            for (int j = 0; j < scores[i].length; j++) {
                result[i][j] = Math.exp(scores[i][j]) / sum;
            }
        }
        return result;
    }

    /** Normalization of each channel of (B, C, H, W) by its own mean and variance. */
    public static Plain batchNorm(Plain x, Plain weight, Plain bias, double epsilon) {
        int samples = x.size(0) * x.size(2) * x.size(3);
        double[] mean = new double[x.size(1)];
        double[] variance = new double[x.size(1)];
        Plain.filled(i -> mean[i[1]] += x.at(i) / samples, x.shape());
        Plain.filled(i -> variance[i[1]] += Math.pow(x.at(i) - mean[i[1]], 2) / samples, x.shape());
        return Plain.filled(
                i -> (x.at(i) - mean[i[1]]) / Math.sqrt(variance[i[1]] + epsilon) * weight.at(i[1]) + bias.at(i[1]),
                x.shape());
    }

    /** Normalization of each token of (B, N, C). */
    public static Plain layerNorm(Plain x, Plain weight, Plain bias, double epsilon) {
        return Plain.filled(
                i -> {
                    int width = x.size(2);
                    double mean = 0;
                    double variance = 0;
                    for (int c = 0; c < width; c++) {
                        mean += x.at(i[0], i[1], c) / width;
                    }
                    for (int c = 0; c < width; c++) {
                        variance += Math.pow(x.at(i[0], i[1], c) - mean, 2) / width;
                    }
                    return (x.at(i) - mean) / Math.sqrt(variance + epsilon) * weight.at(i[2]) + bias.at(i[2]);
                },
                x.shape());
    }

    /** softmax(q k^T / sqrt(D) + mask) v of tokens (B, N, 3 C) with channels ordered (part, head, dimension). */
    public static Plain selfAttention(Plain qkv, int heads, Mask mask) {
        int n = qkv.size(1);
        int width = qkv.size(2) / 3;
        int d = width / heads;
        double[][][][] weights = new double[qkv.size(0)][heads][][];
        for (int b = 0; b < qkv.size(0); b++) {
            for (int h = 0; h < heads; h++) {
                double[][] scores = new double[n][n];
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j < n; j++) {
                        for (int c = h * d; c < (h + 1) * d; c++) {
                            scores[i][j] += qkv.at(b, i, c) * qkv.at(b, j, width + c) / Math.sqrt(d);
                        }
                        scores[i][j] += mask.at(i, j);
                    }
                }
                weights[b][h] = softmax(scores);
            }
        }
        return Plain.filled(
                i -> {
                    double sum = 0;
                    for (int j = 0; j < n; j++) {
                        sum += weights[i[0]][i[2] / d][i[1]][j] * qkv.at(i[0], j, 2 * width + i[2]);
                    }
                    return sum;
                },
                qkv.size(0),
                n,
                width);
    }

    /** What is added to the score of token i for token j. */
    @FunctionalInterface
    public interface Mask {
        Mask NONE = (i, j) -> 0;
        Mask CAUSAL = (i, j) -> j > i ? Double.NEGATIVE_INFINITY : 0;

        double at(int i, int j);
    }

    /** Cross-covariance attention of tokens (B, N, 3 C). */
    public static Plain crossCovariance(Plain qkv, Plain temperature, int heads) {
        int n = qkv.size(1);
        int width = qkv.size(2) / 3;
        int d = width / heads;
        double[][][][] weights = new double[qkv.size(0)][heads][][];
        for (int b = 0; b < qkv.size(0); b++) {
            for (int h = 0; h < heads; h++) {
                double[][] scores = new double[d][d];
                for (int i = 0; i < d; i++) {
                    for (int j = 0; j < d; j++) {
                        int q = h * d + i;
                        int k = width + h * d + j;
                        for (int t = 0; t < n; t++) {
                            scores[i][j] += qkv.at(b, t, q) * qkv.at(b, t, k);
                        }
                        scores[i][j] *= temperature.at(h, 0, 0) / (norm(qkv, b, q) * norm(qkv, b, k));
                    }
                }
                weights[b][h] = softmax(scores);
            }
        }
        return Plain.filled(
                i -> {
                    double sum = 0;
                    int h = i[2] / d;
                    for (int j = 0; j < d; j++) {
                        sum += weights[i[0]][h][i[2] % d][j] * qkv.at(i[0], i[1], 2 * width + h * d + j);
                    }
                    return sum;
                },
                qkv.size(0),
                n,
                width);
    }

    private static double norm(Plain x, int b, int c) {
        double sum = 0;
        for (int t = 0; t < x.size(1); t++) {
            sum += x.at(b, t, c) * x.at(b, t, c);
        }
        return Math.sqrt(sum);
    }
}

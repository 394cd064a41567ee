package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Operators that DJL lacks or gets wrong, computed by the engine's own kernels, with gradients.
 *
 * <p>A result belongs to the manager of the first argument, so that goes to the step's manager even where a parameter
 * lives longer. Number formats follow PyTorch's promotion rules; bfloat16 arrays report an unknown DJL type and must not be
 * given to DJL's own conversions.
 */
public final class Ops {
    private static final OpLibrary LIBRARY = OpLibrary.load();

    private Ops() {}

    /** The library that all operators of this package share. */
    static OpLibrary library() {
        return LIBRARY;
    }

    /** An array of float32 on the meta device: a shape without storage, for counting. */
    static NDArray withoutStorage(NDArray owner, Shape shape) {
        return LIBRARY.tensor(owner, "without_storage", (Object) shape.getShape());
    }

    /** The same values in float32; the same array if it is float32 already. */
    public static NDArray toFloat32(NDArray x) {
        return LIBRARY.tensor(x, "to_float32", x);
    }

    /** The same values in bfloat16. */
    public static NDArray toBfloat16(NDArray x) {
        return LIBRARY.tensor(x, "to_bfloat16", x);
    }

    /** The same values in float32 if they are in bfloat16; else the same array. */
    public static NDArray widened(NDArray x) {
        return LIBRARY.tensor(x, "full_precision", x);
    }

    /** The same 4-d array laid out with channels last in memory; its shape does not change. */
    public static NDArray channelsLast(NDArray x) {
        return LIBRARY.tensor(x, "channels_last", x);
    }

    /** Whether a 4-d array lies in memory with channels last (and not also in row-major order). */
    public static boolean isChannelsLast(NDArray x) {
        return LIBRARY.flag("is_channels_last", x);
    }

    /** The same array laid out in row-major order. */
    public static NDArray contiguous(NDArray x) {
        return LIBRARY.tensor(x, "contiguous", x);
    }

    /**
     * x * factor. Wherever gradients are taken this stands in for DJL's {@code mul(Number)} and {@code div(Number)}: those
     * hand the number to the engine in a Java buffer that is let go at once, although the backward pass reads it again, so
     * after a garbage collection between the two the gradient is wrong.
     */
    public static NDArray scale(NDArray x, double factor) {
        return LIBRARY.tensor(x, "scale", x, factor);
    }

    /** A copy of an array with the same layout in memory and no gradient. */
    public static NDArray copy(NDArray x) {
        return LIBRARY.tensor(x, "copy", x);
    }

    /** The sum of the products of the elements of two arrays of one shape, added up in float64. */
    public static double dot(NDArray x, NDArray y) {
        return LIBRARY.number("dot", x, y);
    }

    /** Zeros with the shape, number format and layout in memory of an array. */
    public static NDArray zerosLike(NDArray x) {
        return LIBRARY.tensor(x, "zeros_like", x);
    }

    /** Copies values into an array of the same shape, converting them; the array keeps its number format and layout. */
    public static void copyInto(NDArray target, NDArray source) {
        LIBRARY.tensor(target, "copy_into", target, source).close();
    }

    /** Copies a flat array over the elements from {@code start} on of a row-major array. */
    public static void copyRange(NDArray rowMajor, long start, NDArray flat) {
        long end = start + flat.getShape().size();
        LIBRARY.tensor(rowMajor, "copy_range", rowMajor, start, end, flat).close();
    }

    /** The elements from {@code start} on of a row-major array, flat. */
    public static NDArray range(NDArray rowMajor, long start, long count) {
        return LIBRARY.tensor(rowMajor, "range", rowMajor, start, start + count);
    }

    /**
     * Eigenvalues (n) in ascending order and eigenvectors (n, n) in columns of a symmetric matrix (n, n), of which the lower
     * triangle is read.
     */
    public static NDList symmetricEigen(NDArray matrix) {
        return LIBRARY.tensors(matrix, "symmetric_eigen", matrix);
    }

    /** Inverse of the error function, for values in (-1, 1). */
    static NDArray erfinv(NDArray x) {
        return LIBRARY.tensor(x, "erfinv", x);
    }

    static NDArray conv2d(NDArray x, NDArray w, @Nullable NDArray bias, Conv2d.Config c, boolean mixed) {
        // The CPU kernel for the gradient of a strided depth-wise convolution is ten times slower in bfloat16.
        boolean bfloat16 = mixed && (c.groups() == 1 || c.stride() == 1);
        if (mixed && !bfloat16) {
            return conv2d(toFloat32(x), w, bias, c, false);
        }
        String method = "conv2d" + (bias == null ? "" : "_bias") + (bfloat16 ? "_bfloat16" : "");
        return bias == null
                ? LIBRARY.tensor(x, method, x, w, c.stride(), c.padding(), c.dilation(), c.groups())
                : LIBRARY.tensor(x, method, x, w, bias, c.stride(), c.padding(), c.dilation(), c.groups());
    }

    static NDArray linear(NDArray x, NDArray w, @Nullable NDArray bias, boolean bfloat16) {
        String method = "linear" + (bias == null ? "" : "_bias") + (bfloat16 ? "_bfloat16" : "");
        return bias == null ? LIBRARY.tensor(x, method, x, w) : LIBRARY.tensor(x, method, x, w, bias);
    }

    static NDArray batchNorm(
            NDArray x,
            NDArray weight,
            NDArray bias,
            NDArray runningMean,
            NDArray runningVariance,
            boolean batchStatistics,
            double momentum,
            double epsilon) {
        return LIBRARY.tensor(
                x, "batch_norm", x, weight, bias, runningMean, runningVariance, batchStatistics, momentum, epsilon);
    }

    /** Moves running statistics by those of a batch, as {@link #batchNorm} does. */
    static void moveStatistics(NDArray x, NDArray runningMean, NDArray runningVariance, double momentum) {
        LIBRARY.tensor(x, "move_statistics", x, runningMean, runningVariance, momentum)
                .close();
    }

    static NDArray layerNorm(NDArray x, int width, NDArray weight, NDArray bias, double epsilon) {
        return LIBRARY.tensor(x, "layer_norm", x, width, weight, bias, epsilon);
    }

    /** x * sigmoid(x). */
    public static NDArray silu(NDArray x) {
        return LIBRARY.tensor(x, "silu", x);
    }

    /** Gaussian error linear unit in its exact (erf) form. */
    public static NDArray gelu(NDArray x) {
        return LIBRARY.tensor(x, "gelu", x);
    }

    /** max(x, 0). */
    public static NDArray relu(NDArray x) {
        return LIBRARY.tensor(x, "relu", x);
    }

    /**
     * max(x, 0), written over x, which saves a map's worth of memory traffic. Only for an array that nothing else reads and
     * whose maker needs no result for its gradient: a norm, a convolution or a sum.
     */
    public static NDArray reluInPlace(NDArray x) {
        return LIBRARY.tensor(x, "relu_in_place", x);
    }

    /** min(max(x, 0), 6). */
    public static NDArray relu6(NDArray x) {
        return LIBRARY.tensor(x, "relu6", x);
    }

    /** 1 / (1 + exp(-x)). */
    public static NDArray sigmoid(NDArray x) {
        return LIBRARY.tensor(x, "sigmoid", x);
    }

    /** min(max(x / 6 + 1/2, 0), 1), the hard sigmoid of MobileNetV3 (arXiv 1905.02244). */
    public static NDArray hardSigmoid(NDArray x) {
        return LIBRARY.tensor(x, "hard_sigmoid", x);
    }

    /** x * sigmoid(1.702 x), the approximation of GELU that CLIP's released networks use. */
    public static NDArray quickGelu(NDArray x) {
        return LIBRARY.tensor(x, "quick_gelu", x);
    }

    /** Largest value of each square window of (B, C, H, W); cells outside the map never win. */
    public static NDArray maxPool2d(NDArray x, int kernel, int stride, int padding) {
        return LIBRARY.tensor(x, "max_pool2d", x, kernel, stride, padding);
    }

    /** Mean of each square window of (B, C, H, W), without padding; a rest at the border is left out. */
    public static NDArray avgPool2d(NDArray x, int kernel, int stride) {
        return LIBRARY.tensor(x, "avg_pool2d", x, kernel, stride);
    }

    /** (B, C, H, W) to (B, C, height, width): the mean of cells floor(iH/h) to ceil((i+1)H/h) for each output row i. */
    public static NDArray adaptiveAvgPool2d(NDArray x, int height, int width) {
        return LIBRARY.tensor(x, "adaptive_avg_pool2d", x, height, width);
    }

    /** Mean over the map: (B, C, H, W) to (B, C). */
    public static NDArray globalAvgPool(NDArray x) {
        return LIBRARY.tensor(x, "global_avg_pool", x);
    }

    /** (B, C, H, W) to (B, C, height, width), bilinear between the centers of pixels (align_corners false, no antialiasing). */
    public static NDArray resizeBilinear(NDArray x, int height, int width) {
        return LIBRARY.tensor(x, "resize_bilinear", x, height, width);
    }

    /** (B, C, H, W) to (B, C, height, width): cell (i, j) is cell (floor(i H / height), floor(j W / width)). */
    public static NDArray resizeNearest(NDArray x, int height, int width) {
        return LIBRARY.tensor(x, "resize_nearest", x, height, width);
    }

    /** (B, C, H, W) to (B, C, height, width), bicubic (a = -0.75) between the centers of pixels, no antialiasing. */
    public static NDArray resizeBicubic(NDArray x, int height, int width) {
        return LIBRARY.tensor(x, "resize_bicubic", x, height, width);
    }

    /** A map as tokens: (B, C, H, W) to (B, H W, C), row by row. Copies nothing if the map is laid out channels-last. */
    public static NDArray tokens(NDArray x) {
        return LIBRARY.tensor(x, "tokens", x);
    }

    /** Tokens as a map: (B, H W, C) to (B, C, H, W), laid out channels-last. */
    public static NDArray map(NDArray x, long height, long width) {
        return LIBRARY.tensor(x, "map", x, height, width);
    }

    /** Softmax of one axis; bfloat16 is widened to float32 first. */
    public static NDArray softmax(NDArray x, int axis) {
        return LIBRARY.tensor(x, "softmax", x, axis);
    }

    /** Logarithm of the softmax of one axis; bfloat16 is widened to float32 first. */
    public static NDArray logSoftmax(NDArray x, int axis) {
        return LIBRARY.tensor(x, "log_softmax", x, axis);
    }

    /** log(sum(exp(x))) over one axis, which is removed; bfloat16 is widened to float32 first. */
    public static NDArray logSumExp(NDArray x, int axis) {
        return LIBRARY.tensor(x, "logsumexp", x, axis);
    }

    /**
     * Mean over the samples of -log softmax(logits)[label].
     *
     * @param logits (N, classes); bfloat16 is widened to float32 first
     * @param labels (N), int64, each in [0, classes)
     */
    public static NDArray crossEntropy(NDArray logits, NDArray labels) {
        return crossEntropy(logits, labels, -100, 0);
    }

    /**
     * Cross entropy with label smoothing (arXiv 1512.00567) where samples with the label {@code ignored} do not count, not
     * even in the mean's divisor; if all are ignored the result is NaN.
     *
     * @param smoothing share of the target that is spread evenly over all classes, in [0, 1]
     */
    public static NDArray crossEntropy(NDArray logits, NDArray labels, long ignored, double smoothing) {
        if (!(smoothing >= 0 && smoothing <= 1)) {
            throw new IllegalArgumentException("smoothing must be in [0, 1]: " + smoothing);
        }
        return LIBRARY.tensor(logits, "cross_entropy", logits, labels, ignored, smoothing);
    }

    /** Mean over the samples of -sum(target * log softmax(logits)), both (N, classes); targets may depend on gradients. */
    public static NDArray softCrossEntropy(NDArray logits, NDArray targets) {
        return LIBRARY.tensor(logits, "cross_entropy", logits, targets, -100, 0.0);
    }

    /** x / max(|x|, 1e-12) with the Euclidean norm over one axis; bfloat16 is widened to float32 first. */
    public static NDArray normalize(NDArray x, int axis) {
        return LIBRARY.tensor(x, "normalize", x, axis);
    }

    /** Rows of (entries, width) by int64 indices of any shape: (...) to (..., width). Belongs to the indices' manager. */
    public static NDArray embedding(NDArray indices, NDArray table) {
        return LIBRARY.tensor(indices, "embedding", indices, table);
    }

    /** The first token of each sequence: (B, N, D) to (B, 1, D). */
    public static NDArray firstToken(NDArray x) {
        return LIBRARY.tensor(x, "first_token", x);
    }

    /**
     * A learned place embedding for another grid: the first row (no place) stays, the others are a map of grid x grid that is
     * resized bicubically, as ViT's published code does (arXiv 2010.11929, section 3.2).
     *
     * @param owner an array of the step: the result belongs to its manager
     * @param places (1 + grid * grid, D)
     * @return (1 + height * width, D)
     */
    public static NDArray resizePlaces(NDArray owner, NDArray places, int grid, long height, long width) {
        return LIBRARY.tensor(owner, "resize_places", places, grid, height, width);
    }

    /** Elements along an axis by int64 indices of the same rank, as {@code torch.gather}. */
    public static NDArray gather(NDArray x, int axis, NDArray indices) {
        return LIBRARY.tensor(x, "gather", x, axis, indices);
    }

    /** One token of each sequence: (B, N, D) and int64 (B) to (B, D). */
    public static NDArray takeTokens(NDArray x, NDArray indices) {
        return LIBRARY.tensor(x, "take_tokens", x, indices);
    }

    /** Position of the largest value along an axis, which is removed; int64. Among equals the first found by the engine. */
    public static NDArray argMax(NDArray x, int axis) {
        return LIBRARY.tensor(x, "argmax", x, axis);
    }

    /** Sets each element to 0 with probability {@code rate} and divides the others by 1 - rate. */
    static NDArray dropout(NDArray x, double rate) {
        return LIBRARY.tensor(x, "dropout", x, rate);
    }

    /** Sets each sample (entry of axis 0) to 0 with probability {@code rate} and divides the others by 1 - rate. */
    static NDArray dropPath(NDArray x, double rate) {
        return LIBRARY.tensor(x, "drop_path", x, rate);
    }

    /** Batched matrix product (..., M, K) x (..., K, N), counted, and in bfloat16 in a mixed pass. */
    public static NDArray matMul(NDArray x, NDArray y, Pass pass) {
        NDArray product = LIBRARY.tensor(x, pass.mixed() ? "matmul_bfloat16" : "matmul", x, y);
        Tally tally = pass.tally();
        if (tally != null) {
            long inner = x.getShape().get(x.getShape().dimension() - 1);
            tally.add(product.getShape().size() * inner, product.getShape());
        }
        return product;
    }

    /**
     * softmax(q k^T / sqrt(D) + mask) v, counted, and with both products in bfloat16 in a mixed pass (not by the engine's
     * fused kernel, whose gradient in bfloat16 takes two to ten times as long on a CPU).
     *
     * @param q (B, heads, N, D)
     * @param k (B, heads, M, D)
     * @param v (B, heads, M, D)
     * @param mask added to the scores; its shape can be broadcast to (B, heads, N, M)
     */
    public static NDArray attention(NDArray q, NDArray k, NDArray v, @Nullable NDArray mask, Pass pass) {
        Tally tally = pass.tally();
        if (tally != null) {
            tally.add(2 * q.getShape().size() * k.getShape().get(2), q.getShape());
            return q;
        }
        String type = pass.mixed() ? "_bfloat16" : "";
        return mask == null
                ? LIBRARY.tensor(q, "attention" + type, q, k, v, false)
                : LIBRARY.tensor(q, "attention_masked" + type, q, k, v, mask);
    }

    /**
     * Tokens whose channels are ordered (part, head, dimension) as one array for each part: (B, N, parts heads D) to
     * (B, heads, N, D) each.
     */
    public static NDList splitHeads(NDArray x, int parts, int heads) {
        return LIBRARY.tensors(x, "split_heads", x, parts, heads);
    }

    /** Attention among the tokens of (B, N, 3 C) with channels ordered (part, head, dimension); result (B, N, C). */
    static NDArray selfAttention(NDArray qkv, int heads, boolean causal) {
        return LIBRARY.tensor(qkv, "self_attention", qkv, heads, causal);
    }

    /** The same with a mask that is added to the scores. */
    static NDArray selfAttention(NDArray qkv, int heads, NDArray mask) {
        return LIBRARY.tensor(qkv, "self_attention_masked", qkv, heads, mask);
    }

    /** Attention among the channels of each head: softmax(q^T k * temperature) with q and k normalized over the tokens. */
    static NDArray crossCovariance(NDArray qkv, NDArray temperature, int heads) {
        return LIBRARY.tensor(qkv, "cross_covariance", qkv, temperature, heads);
    }

    /** Whether no element is NaN or infinite. Waits for the device. */
    public static boolean allFinite(NDArray x) {
        try (NDArray finite = LIBRARY.tensor(x, "all_finite", x)) {
            return finite.getBoolean();
        }
    }
}

package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
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

    /** Inverse of the error function, for values in (-1, 1). */
    static NDArray erfinv(NDArray x) {
        return LIBRARY.tensor(x, "erfinv", x);
    }

    static NDArray conv2d(NDArray x, NDArray w, @Nullable NDArray bias, Conv2d.Config c, boolean bfloat16) {
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
}

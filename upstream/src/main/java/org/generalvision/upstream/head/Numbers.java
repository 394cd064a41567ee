package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import org.generalvision.nn.Ops;

/** The content of an array as plain numbers. */
public final class Numbers {
    private Numbers() {}

    /** All elements in row-major order; waits for the device. */
    public static double[] of(NDArray x) {
        return Ops.contiguous(Ops.widened(x)).toType(DataType.FLOAT64, false).toDoubleArray();
    }
}

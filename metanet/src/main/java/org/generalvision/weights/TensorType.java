package org.generalvision.weights;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;

/** Number formats of the safetensors format that are known here, each with the format of an array that is read from it. */
public enum TensorType {
    F64(8, DataType.FLOAT64),
    F32(4, DataType.FLOAT32),
    F16(2, DataType.FLOAT32),
    BF16(2, DataType.FLOAT32),
    I64(8, DataType.INT64),
    I32(4, DataType.INT32),
    I16(2, DataType.INT32),
    I8(1, DataType.INT8),
    U8(1, DataType.UINT8),
    BOOL(1, DataType.BOOLEAN);

    private final int bytes;
    private final DataType arrayType;

    TensorType(int bytes, DataType arrayType) {
        this.bytes = bytes;
        this.arrayType = arrayType;
    }

    /** Bytes of one element in the file. */
    public int bytes() {
        return bytes;
    }

    /** The format that an array has after reading: halves and 16-bit integers are widened, which loses nothing. */
    public DataType arrayType() {
        return arrayType;
    }

    public boolean isFloating() {
        return arrayType == DataType.FLOAT32 || arrayType == DataType.FLOAT64;
    }

    /**
     * The format that keeps an array as it is.
     *
     * @throws IllegalArgumentException if the array's format has no name in the file format
     */
    public static TensorType of(DataType type) {
        if (type == DataType.FLOAT16) {
            return F16;
        }
        return Arrays.stream(values())
                .filter(t -> t.arrayType == type && t != F16 && t != BF16 && t != I16)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("An array of type " + type
                        + " cannot be stored; convert it to one of FLOAT64, FLOAT32, FLOAT16, INT64, INT32, INT8, UINT8,"
                        + " BOOLEAN"));
    }
}

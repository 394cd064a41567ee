package org.generalvision.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Elements of a file to elements of an array and back, one chunk at a time. */
final class ElementCodec {
    /** Elements in one chunk: large enough to be fast, small beside any network. */
    static final int CHUNK = 1 << 21;

    static final int MAX_CHUNK_BYTES = CHUNK * Long.BYTES;

    private ElementCodec() {}

    /** An element that its number format does not allow. */
    static final class InvalidElement extends RuntimeException {
        InvalidElement(String message) {
            super(message);
        }
    }

    /** A flat array of {@code count} elements; {@code bytes} are little-endian and are not kept by the array. */
    static NDArray decode(ByteBuffer bytes, int count, TensorInfo info, NDManager manager) {
        DataType type = info.type().arrayType();
        ByteBuffer elements = direct(count * type.getNumOfBytes());
        switch (info.type()) {
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    elements.putFloat(HalfFloats.fromFloat16(bytes.getShort()));
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    elements.putFloat(HalfFloats.fromBfloat16(bytes.getShort()));
                }
            }
            case I16 -> {
                for (int i = 0; i < count; i++) {
                    elements.putInt(bytes.getShort());
                }
            }
            case BOOL -> {
                for (int i = 0; i < count; i++) {
                    elements.put(bool(bytes.get(), info));
                }
            }
            default -> elements.put(bytes);
        }
        return manager.create(elements.flip(), new Shape(count), type);
    }

    private static byte bool(byte value, TensorInfo info) {
        if (value != 0 && value != 1) {
            throw new InvalidElement("tensor " + info.name() + " is BOOL and holds the byte " + (value & 0xFF));
        }
        return value;
    }

    /** The bytes in the file of a flat row-major array. */
    static ByteBuffer encode(NDArray flat, TensorType type) {
        boolean half = type == TensorType.F16 || type == TensorType.BF16;
        if (!half || flat.getDataType() == DataType.FLOAT16) {
            return flat.toByteBuffer();
        }
        float[] values = flat.toFloatArray();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putShort(type == TensorType.F16 ? HalfFloats.toFloat16(value) : HalfFloats.toBfloat16(value));
        }
        return bytes.flip();
    }

    private static ByteBuffer direct(int bytes) {
        // 64 bytes are the width of the widest vector register; the engine's kernels are fastest on such addresses.
        // (A slice is cut to whole units of 64, hence the rounding up.)
        return ByteBuffer.allocateDirect((bytes + 127) / 64 * 64)
                .alignedSlice(64)
                .limit(bytes)
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}

package org.generalvision.data.load;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.List;

/** One named array of a batch: what a sample contributes, and how the rows become an array. */
public sealed interface Field {
    /** Name in {@link Batch#arrays}. */
    String name();

    /** Bytes of one sample. */
    int bytes();

    /** An array over the given rows; nothing is copied where the device can read the buffer. */
    NDArray array(NDManager manager, ByteBuffer rows, int numRows);

    /**
     * An image of red, green and blue floats, pixel by pixel. Its array is (B, 3, H, W) with channels last in memory,
     * which is the layout that the convolutions want.
     */
    record Image(String name, int height, int width) implements Field {
        private static final int NUM_CHANNELS = 3;

        public Image {
            if (height <= 0 || width <= 0) {
                throw new IllegalArgumentException("An image must have pixels: %d x %d".formatted(height, width));
            }
            Math.multiplyExact(Math.multiplyExact(height, width), NUM_CHANNELS * Float.BYTES);
        }

        @Override
        public int bytes() {
            return height * width * NUM_CHANNELS * Float.BYTES;
        }

        @Override
        public NDArray array(NDManager manager, ByteBuffer rows, int numRows) {
            return manager.create(rows, new Shape(numRows, height, width, NUM_CHANNELS), DataType.FLOAT32)
                    .transpose(0, 3, 1, 2);
        }
    }

    /** A sequence of int64 numbers, such as token ids; its array is (B, length). */
    record Sequence(String name, int length) implements Field {
        public Sequence {
            if (length <= 0) {
                throw new IllegalArgumentException("length must be positive: " + length);
            }
        }

        @Override
        public int bytes() {
            return Math.multiplyExact(length, Long.BYTES);
        }

        @Override
        public NDArray array(NDManager manager, ByteBuffer rows, int numRows) {
            return manager.create(rows, new Shape(numRows, length), DataType.INT64);
        }
    }

    /**
     * Numbers in row-major order; their array is (B, shape).
     *
     * @param type FLOAT32, INT64 or UINT8
     * @param shape of one sample
     */
    record Numbers(String name, DataType type, List<Long> shape) implements Field {
        public Numbers {
            shape = List.copyOf(shape);
            if (type != DataType.FLOAT32 && type != DataType.INT64 && type != DataType.UINT8) {
                throw new IllegalArgumentException("type must be FLOAT32, INT64 or UINT8: " + type);
            }
            if (shape.isEmpty() || shape.stream().anyMatch(size -> size <= 0)) {
                throw new IllegalArgumentException("shape must have positive sizes: " + shape);
            }
        }

        @Override
        public int bytes() {
            long count = shape.stream().reduce(1L, Math::multiplyExact);
            return Math.toIntExact(Math.multiplyExact(count, type.getNumOfBytes()));
        }

        @Override
        public NDArray array(NDManager manager, ByteBuffer rows, int numRows) {
            Shape sample = new Shape(shape.stream().mapToLong(Long::longValue).toArray());
            return manager.create(rows, new Shape(numRows).addAll(sample), type);
        }
    }

    /** One int64 number, such as a class; its array is (B). */
    record Scalar(String name) implements Field {
        @Override
        public int bytes() {
            return Long.BYTES;
        }

        @Override
        public NDArray array(NDManager manager, ByteBuffer rows, int numRows) {
            return manager.create(rows, new Shape(numRows), DataType.INT64);
        }
    }
}

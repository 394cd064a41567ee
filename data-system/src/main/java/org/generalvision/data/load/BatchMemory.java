package org.generalvision.data.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The native memory of one batch: a direct buffer for each field, aligned to 64 bytes, because vector instructions are
 * faster there and because the engine may choose another kernel, with other rounding, for other alignments.
 */
final class BatchMemory {
    static final int ALIGNMENT = 64;

    private final List<Field> fields;
    private final Map<String, ByteBuffer> buffers = new LinkedHashMap<>();

    BatchMemory(List<Field> fields, int batchSize) {
        this.fields = fields;
        for (Field field : fields) {
            int bytes = Math.multiplyExact(field.bytes(), batchSize);
            // An aligned slice gives up bytes at both ends.
            buffers.put(
                    field.name(),
                    ByteBuffer.allocateDirect(Math.addExact(bytes, 2 * ALIGNMENT))
                            .alignedSlice(ALIGNMENT)
                            .slice(0, bytes)
                            .order(ByteOrder.nativeOrder()));
        }
    }

    Row row(int index) {
        Map<String, ByteBuffer> row = new HashMap<>();
        for (Field field : fields) {
            row.put(field.name(), part(field, index, 1));
        }
        return new Row(row);
    }

    /** The first rows of a field. */
    ByteBuffer rows(Field field, int numRows) {
        return part(field, 0, numRows);
    }

    /** Copies a row to another place. */
    void move(int from, int to) {
        for (Field field : fields) {
            part(field, to, 1).put(part(field, from, 1));
        }
    }

    private ByteBuffer part(Field field, int row, int numRows) {
        ByteBuffer buffer = buffers.get(field.name());
        if (buffer == null) {
            throw new IllegalStateException("no memory for field " + field.name());
        }
        return buffer.slice(row * field.bytes(), numRows * field.bytes()).order(ByteOrder.nativeOrder());
    }
}

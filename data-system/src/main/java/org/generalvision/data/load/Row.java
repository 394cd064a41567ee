package org.generalvision.data.load;

import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Where one sample of a batch is written: for each field a direct buffer in native byte order, from position 0, with
 * exactly the field's bytes.
 */
public record Row(Map<String, ByteBuffer> buffers) {
    public Row {
        buffers = Map.copyOf(buffers);
    }

    /** The place of a field. */
    public ByteBuffer get(String field) {
        ByteBuffer buffer = buffers.get(field);
        if (buffer == null) {
            throw new IllegalStateException("The row has no field " + field + ", only " + buffers.keySet());
        }
        return buffer;
    }
}

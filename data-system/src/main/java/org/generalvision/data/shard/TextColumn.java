package org.generalvision.data.shard;

import java.nio.charset.StandardCharsets;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarCharVector;

/** A text that must be there. */
record TextColumn(VarCharVector vector) implements Column<String> {
    TextColumn(ValueVector vector) {
        this((VarCharVector) vector);
    }

    @Override
    public void write(int at, String value) {
        vector.setSafe(at, value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String read(int at) {
        if (vector.isNull(at)) {
            throw new IllegalArgumentException("column " + vector.getName() + " must not be null");
        }
        return new String(vector.get(at), StandardCharsets.UTF_8);
    }
}

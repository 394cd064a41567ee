package org.generalvision.data.shard;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;

/** A list of values; the empty list is a null, and so is every list of a column that an older shard has not got. */
final class ListColumn<T> implements Column<List<T>> {
    private final @Nullable ListVector vector;
    private final @Nullable Column<T> items;

    private ListColumn(@Nullable ListVector vector, @Nullable Column<T> items) {
        this.vector = vector;
        this.items = items;
    }

    static <T, V extends FieldVector> ListColumn<T> of(
            @Nullable ValueVector vector, Class<V> item, Function<V, Column<T>> items) {
        return vector instanceof ListVector list
                ? new ListColumn<>(list, items.apply(item.cast(list.getDataVector())))
                : new ListColumn<>(null, null);
    }

    @Override
    public void write(int at, List<T> values) {
        if (vector == null || items == null) {
            throw new IllegalStateException("An absent column cannot be written");
        }
        if (values.isEmpty()) {
            vector.setNull(at);
            return;
        }
        int start = vector.startNewValue(at);
        for (int i = 0; i < values.size(); i++) {
            items.write(start + i, values.get(i));
        }
        vector.endValue(at, values.size());
    }

    @Override
    public List<T> read(int at) {
        if (vector == null || items == null || vector.isNull(at)) {
            return List.of();
        }
        int start = vector.getElementStartIndex(at);
        int end = vector.getElementEndIndex(at);
        requireInside(vector, start, end);
        List<T> values = new ArrayList<>(end - start);
        for (int i = start; i < end; i++) {
            values.add(items.read(i));
        }
        return values;
    }

    /** What a malformed shard could claim otherwise: items that are not there, or more than memory holds. */
    static void requireInside(ListVector vector, int start, int end) {
        if (start < 0 || end < start || end > vector.getDataVector().getValueCount()) {
            throw new IllegalArgumentException("column %s has items %d..%d of %d"
                    .formatted(
                            vector.getName(), start, end, vector.getDataVector().getValueCount()));
        }
    }
}

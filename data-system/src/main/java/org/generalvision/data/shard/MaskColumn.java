package org.generalvision.data.shard;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.generalvision.data.example.Mask;
import org.generalvision.data.example.Mask.Polygons;
import org.generalvision.data.example.Mask.RunLengths;
import org.jspecify.annotations.Nullable;

/** Masks, within a list: of run lengths and polygons, one is null. Schema 1 had neither polygons nor the box's index. */
final class MaskColumn implements Column<Mask> {
    private final StructVector struct;
    private final IntVector height;
    private final IntVector width;
    private final ListVector runs;
    private final ListColumn<ImmutableDoubleArray> polygons;
    private final TextColumn label;
    private final @Nullable IntVector box;

    MaskColumn(StructVector struct) {
        this.struct = struct;
        height = Objects.requireNonNull(struct.getChild("height", IntVector.class));
        width = Objects.requireNonNull(struct.getChild("width", IntVector.class));
        runs = Objects.requireNonNull(struct.getChild("runs", ListVector.class));
        polygons = ListColumn.of(struct.getChild("polygons"), ListVector.class, PolygonColumn::new);
        label = new TextColumn(Objects.requireNonNull(struct.getChild("label")));
        box = struct.getChild("box", IntVector.class);
    }

    @Override
    public void write(int at, Mask mask) {
        struct.setIndexDefined(at);
        height.setSafe(at, mask.height());
        width.setSafe(at, mask.width());
        if (mask instanceof RunLengths lengths) {
            writeRuns(at, lengths.runs());
        } else {
            runs.setNull(at);
        }
        polygons.write(at, mask instanceof Polygons outlines ? outlines.polygons() : List.of());
        label.write(at, mask.label());
        writeBox(Objects.requireNonNull(box), at, mask.box());
    }

    private void writeRuns(int at, ImmutableIntArray lengths) {
        IntVector values = (IntVector) runs.getDataVector();
        int start = runs.startNewValue(at);
        for (int i = 0; i < lengths.length(); i++) {
            values.setSafe(start + i, lengths.get(i));
        }
        runs.endValue(at, lengths.length());
    }

    private static void writeBox(IntVector column, int at, @Nullable Integer index) {
        if (index == null) {
            column.setNull(at);
        } else {
            column.setSafe(at, index);
        }
    }

    @Override
    public Mask read(int at) {
        int rows = height.get(at);
        int columns = width.get(at);
        Integer index = box == null ? null : box.getObject(at);
        return runs.isNull(at)
                ? new Polygons(rows, columns, polygons.read(at), label.read(at), index)
                : new RunLengths(rows, columns, readRuns(at), label.read(at), index);
    }

    private ImmutableIntArray readRuns(int at) {
        IntVector values = (IntVector) runs.getDataVector();
        int start = runs.getElementStartIndex(at);
        int end = runs.getElementEndIndex(at);
        ListColumn.requireInside(runs, start, end);
        ImmutableIntArray.Builder lengths = ImmutableIntArray.builder(end - start);
        for (int i = start; i < end; i++) {
            lengths.add(values.get(i));
        }
        return lengths.build();
    }

    /** The points of one polygon, within a list. */
    private record PolygonColumn(ListVector points) implements Column<ImmutableDoubleArray> {
        @Override
        public void write(int at, ImmutableDoubleArray polygon) {
            Float8Vector values = (Float8Vector) points.getDataVector();
            int start = points.startNewValue(at);
            for (int i = 0; i < polygon.length(); i++) {
                values.setSafe(start + i, polygon.get(i));
            }
            points.endValue(at, polygon.length());
        }

        @Override
        public ImmutableDoubleArray read(int at) {
            Float8Vector values = (Float8Vector) points.getDataVector();
            int start = points.getElementStartIndex(at);
            int end = points.getElementEndIndex(at);
            ListColumn.requireInside(points, start, end);
            ImmutableDoubleArray.Builder numbers = ImmutableDoubleArray.builder(end - start);
            for (int i = start; i < end; i++) {
                numbers.add(values.get(i));
            }
            return numbers.build();
        }
    }
}

package org.generalvision.data.shard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Example.Caption;
import org.generalvision.data.example.Example.Depth;
import org.generalvision.data.example.Example.Mask;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one record batch and how an example lies in them. What is not annotated is a null, not an empty list, so
 * that other readers of Arrow see the same meaning.
 */
final class ExampleColumns {
    static final Schema SCHEMA = new Schema(
            List.of(
                    required("id", new ArrowType.Utf8()),
                    required("image", new ArrowType.Binary()),
                    required("source", new ArrowType.Utf8()),
                    required("licence", new ArrowType.Utf8()),
                    list("captions", struct("item", text("text"), text("language"))),
                    list("labels", text("item")),
                    list(
                            "boxes",
                            struct(
                                    "item",
                                    real("x1"),
                                    real("y1"),
                                    real("x2"),
                                    real("y2"),
                                    text("label"),
                                    required("crowd", new ArrowType.Bool()))),
                    list(
                            "masks",
                            struct(
                                    "item",
                                    integer("height"),
                                    integer("width"),
                                    list("runs", integer("item")),
                                    text("label"))),
                    struct("depth", nullable("png", new ArrowType.Binary()), nullable("metresPerUnit", float64()))),
            Map.of("generalvision.schema", Integer.toString(Manifest.SCHEMA_VERSION)));

    private final VarCharVector id;
    private final VarBinaryVector image;
    private final VarCharVector source;
    private final VarCharVector licence;
    private final ListVector captions;
    private final ListVector labels;
    private final ListVector boxes;
    private final ListVector masks;
    private final StructVector depth;

    ExampleColumns(VectorSchemaRoot root) {
        id = (VarCharVector) root.getVector("id");
        image = (VarBinaryVector) root.getVector("image");
        source = (VarCharVector) root.getVector("source");
        licence = (VarCharVector) root.getVector("licence");
        captions = (ListVector) root.getVector("captions");
        labels = (ListVector) root.getVector("labels");
        boxes = (ListVector) root.getVector("boxes");
        masks = (ListVector) root.getVector("masks");
        depth = (StructVector) root.getVector("depth");
    }

    /** Turns a range of a variable-width column into a view of the memory below it. */
    interface Slices {
        ByteBuffer slice(VarBinaryVector column, int row);
    }

    void write(int row, Example example) {
        set(id, row, example.id());
        set(image, row, example.image());
        set(source, row, example.source());
        set(licence, row, example.licence());
        writeList(captions, row, example.captions(), this::writeCaption);
        writeList(labels, row, example.labels(), (at, label) -> set(child(labels, VarCharVector.class), at, label));
        writeList(boxes, row, example.boxes(), this::writeBox);
        writeList(masks, row, example.masks(), this::writeMask);
        writeDepth(row, example.depth());
    }

    Example read(int row, Slices slices) {
        return new Example(
                text(id, row),
                slices.slice(image, row),
                text(source, row),
                text(licence, row),
                readList(captions, row, this::readCaption),
                readList(labels, row, at -> text(child(labels, VarCharVector.class), at)),
                readList(boxes, row, this::readBox),
                readList(masks, row, this::readMask),
                readDepth(row, slices));
    }

    private void writeCaption(int at, Caption caption) {
        StructVector item = defined(captions, at);
        set(field(item, "text", VarCharVector.class), at, caption.text());
        set(field(item, "language", VarCharVector.class), at, caption.language());
    }

    private Caption readCaption(int at) {
        StructVector item = child(captions, StructVector.class);
        return new Caption(
                text(field(item, "text", VarCharVector.class), at),
                text(field(item, "language", VarCharVector.class), at));
    }

    private void writeBox(int at, Box box) {
        StructVector item = defined(boxes, at);
        field(item, "x1", Float8Vector.class).setSafe(at, box.x1());
        field(item, "y1", Float8Vector.class).setSafe(at, box.y1());
        field(item, "x2", Float8Vector.class).setSafe(at, box.x2());
        field(item, "y2", Float8Vector.class).setSafe(at, box.y2());
        set(field(item, "label", VarCharVector.class), at, box.label());
        field(item, "crowd", BitVector.class).setSafe(at, box.crowd() ? 1 : 0);
    }

    private Box readBox(int at) {
        StructVector item = child(boxes, StructVector.class);
        return new Box(
                field(item, "x1", Float8Vector.class).get(at),
                field(item, "y1", Float8Vector.class).get(at),
                field(item, "x2", Float8Vector.class).get(at),
                field(item, "y2", Float8Vector.class).get(at),
                text(field(item, "label", VarCharVector.class), at),
                field(item, "crowd", BitVector.class).get(at) != 0);
    }

    private void writeMask(int at, Mask mask) {
        StructVector item = defined(masks, at);
        field(item, "height", IntVector.class).setSafe(at, mask.height());
        field(item, "width", IntVector.class).setSafe(at, mask.width());
        ListVector runs = field(item, "runs", ListVector.class);
        IntVector values = child(runs, IntVector.class);
        int start = runs.startNewValue(at);
        for (int i = 0; i < mask.runs().size(); i++) {
            values.setSafe(start + i, mask.runs().get(i));
        }
        runs.endValue(at, mask.runs().size());
        set(field(item, "label", VarCharVector.class), at, mask.label());
    }

    private Mask readMask(int at) {
        StructVector item = child(masks, StructVector.class);
        ListVector runs = field(item, "runs", ListVector.class);
        return new Mask(
                field(item, "height", IntVector.class).get(at),
                field(item, "width", IntVector.class).get(at),
                readList(runs, at, child(runs, IntVector.class)::get),
                text(field(item, "label", VarCharVector.class), at));
    }

    private void writeDepth(int row, @Nullable Depth value) {
        if (value == null) {
            depth.setNull(row);
            return;
        }
        depth.setIndexDefined(row);
        set(field(depth, "png", VarBinaryVector.class), row, value.png());
        field(depth, "metresPerUnit", Float8Vector.class).setSafe(row, value.metresPerUnit());
    }

    private @Nullable Depth readDepth(int row, Slices slices) {
        if (depth.isNull(row)) {
            return null;
        }
        return new Depth(
                slices.slice(field(depth, "png", VarBinaryVector.class), row),
                field(depth, "metresPerUnit", Float8Vector.class).get(row));
    }

    private interface ItemWriter<T> {
        void write(int at, T item);
    }

    private static <T> void writeList(ListVector column, int row, List<T> items, ItemWriter<T> writer) {
        if (items.isEmpty()) {
            column.setNull(row);
            return;
        }
        int start = column.startNewValue(row);
        for (int i = 0; i < items.size(); i++) {
            writer.write(start + i, items.get(i));
        }
        column.endValue(row, items.size());
    }

    private static <T> List<T> readList(ListVector column, int row, IntFunction<T> reader) {
        if (column.isNull(row)) {
            return List.of();
        }
        int start = column.getElementStartIndex(row);
        int end = column.getElementEndIndex(row);
        if (start < 0 || end < start || end > column.getDataVector().getValueCount()) {
            throw new IllegalArgumentException("column %s has items %d..%d of %d"
                    .formatted(
                            column.getName(), start, end, column.getDataVector().getValueCount()));
        }
        List<T> items = new ArrayList<>(end - start);
        for (int at = start; at < end; at++) {
            items.add(reader.apply(at));
        }
        return items;
    }

    private static StructVector defined(ListVector column, int at) {
        StructVector item = child(column, StructVector.class);
        item.setIndexDefined(at);
        return item;
    }

    private static <V extends FieldVector> V child(ListVector column, Class<V> type) {
        return type.cast(column.getDataVector());
    }

    private static <V extends FieldVector> V field(StructVector column, String name, Class<V> type) {
        return Objects.requireNonNull(column.getChild(name, type));
    }

    private static void set(VarCharVector column, int row, String value) {
        column.setSafe(row, value.getBytes(StandardCharsets.UTF_8));
    }

    private static void set(VarBinaryVector column, int row, ByteBuffer value) {
        // Arrow's own copy from a read-only heap buffer moves that buffer's position.
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        column.setSafe(row, bytes);
    }

    private static String text(VarCharVector column, int row) {
        if (column.isNull(row)) {
            throw new IllegalArgumentException("column " + column.getName() + " must not be null");
        }
        return new String(column.get(row), StandardCharsets.UTF_8);
    }

    private static ArrowType float64() {
        return new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    }

    private static Field required(String name, ArrowType type) {
        return new Field(name, FieldType.notNullable(type), null);
    }

    private static Field nullable(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), null);
    }

    private static Field text(String name) {
        return required(name, new ArrowType.Utf8());
    }

    private static Field real(String name) {
        return required(name, float64());
    }

    private static Field integer(String name) {
        return required(name, new ArrowType.Int(32, true));
    }

    private static Field list(String name, Field item) {
        return new Field(name, FieldType.nullable(new ArrowType.List()), List.of(item));
    }

    private static Field struct(String name, Field... fields) {
        return new Field(name, FieldType.nullable(new ArrowType.Struct()), List.of(fields));
    }
}

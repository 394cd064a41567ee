package org.generalvision.data.shard;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Example.Caption;
import org.generalvision.data.example.Example.Depth;
import org.generalvision.data.example.Mask;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one record batch and how an example lies in them. What is not annotated is a null, not an empty list, so
 * that other readers of Arrow see the same meaning.
 */
final class ExampleColumns {
    private final TextColumn id;
    private final VarBinaryVector image;
    private final TextColumn source;
    private final TextColumn licence;
    private final ListColumn<Caption> captions;
    private final ListColumn<String> labels;
    private final ListColumn<String> absentLabels;
    private final ListColumn<Box> boxes;
    private final ListColumn<Mask> masks;
    private final StructVector depth;
    private final VarBinaryVector depthPng;
    private final Float8Vector metresPerUnit;
    private final @Nullable HashesColumn hashes;
    private final @Nullable BitVector synthetic;

    /** The columns of a batch whose schema {@link ExampleSchema#require} has accepted. */
    ExampleColumns(VectorSchemaRoot root) {
        id = new TextColumn(root.getVector("id"));
        image = (VarBinaryVector) root.getVector("image");
        source = new TextColumn(root.getVector("source"));
        licence = new TextColumn(root.getVector("licence"));
        captions = ListColumn.of(root.getVector("captions"), StructVector.class, CaptionColumn::new);
        labels = ListColumn.of(root.getVector("labels"), VarCharVector.class, TextColumn::new);
        absentLabels = ListColumn.of(root.getVector("absentLabels"), VarCharVector.class, TextColumn::new);
        boxes = ListColumn.of(root.getVector("boxes"), StructVector.class, BoxColumn::new);
        masks = ListColumn.of(root.getVector("masks"), StructVector.class, MaskColumn::new);
        depth = (StructVector) root.getVector("depth");
        depthPng = Objects.requireNonNull(depth.getChild("png", VarBinaryVector.class));
        metresPerUnit = Objects.requireNonNull(depth.getChild("metresPerUnit", Float8Vector.class));
        hashes = root.getVector("hashes") instanceof StructVector struct ? new HashesColumn(struct) : null;
        synthetic = (BitVector) root.getVector("synthetic");
    }

    /** Turns a range of a variable-width column into a view of the memory below it. */
    interface Slices {
        ByteBuffer slice(VarBinaryVector column, int row);
    }

    void write(int row, Example example) {
        id.write(row, example.id());
        set(image, row, example.image());
        source.write(row, example.source());
        licence.write(row, example.licence());
        captions.write(row, example.captions());
        labels.write(row, example.labels());
        absentLabels.write(row, example.absentLabels());
        boxes.write(row, example.boxes());
        masks.write(row, example.masks());
        writeDepth(row, example.depth());
        Objects.requireNonNull(hashes).write(row, example.hashes());
        Objects.requireNonNull(synthetic).setSafe(row, example.synthetic() ? 1 : 0);
    }

    Example read(int row, Slices slices) {
        return new Example(
                id.read(row),
                slices.slice(image, row),
                source.read(row),
                licence.read(row),
                captions.read(row),
                labels.read(row),
                absentLabels.read(row),
                boxes.read(row),
                masks.read(row),
                readDepth(row, slices),
                hashes == null ? null : hashes.read(row),
                synthetic != null && !synthetic.isNull(row) && synthetic.get(row) != 0);
    }

    private void writeDepth(int row, @Nullable Depth value) {
        if (value == null) {
            depth.setNull(row);
            return;
        }
        depth.setIndexDefined(row);
        set(depthPng, row, value.png());
        metresPerUnit.setSafe(row, value.metresPerUnit());
    }

    private @Nullable Depth readDepth(int row, Slices slices) {
        return depth.isNull(row) ? null : new Depth(slices.slice(depthPng, row), metresPerUnit.get(row));
    }

    private static void set(VarBinaryVector column, int row, ByteBuffer value) {
        // Arrow's own copy from a read-only heap buffer moves that buffer's position.
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        column.setSafe(row, bytes);
    }
}

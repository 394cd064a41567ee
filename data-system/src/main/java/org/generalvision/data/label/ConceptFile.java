package org.generalvision.data.label;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;
import org.apache.arrow.vector.util.ValueVectorUtility;

/**
 * A label system as an Arrow file of one record batch, which any Arrow reader opens: columns {@code id}, {@code kind} (number),
 * {@code parents} (row numbers), {@code names} (text, language, sense, count), {@code descriptions} (text, language) and {@code
 * state}; the key {@code languages} of the schema lists what the column {@code language} counts.
 */
final class ConceptFile {
    private static final String LANGUAGES = "languages";
    private static final int VERSION = 1;
    private static final String VERSION_KEY = "labelSystem";

    private static final ArrowType INT32 = new ArrowType.Int(32, true);
    private static final ArrowType INT8 = new ArrowType.Int(8, true);

    private static final List<Field> FIELDS = List.of(
            leaf("id", ArrowType.Utf8.INSTANCE),
            leaf("kind", INT8),
            list("parents", leaf("item", INT32)),
            list(
                    "names",
                    struct(
                            leaf("text", ArrowType.Utf8.INSTANCE),
                            leaf("language", INT8),
                            leaf("sense", INT32),
                            leaf("count", INT32))),
            list("descriptions", struct(leaf("text", ArrowType.Utf8.INSTANCE), leaf("language", INT8))),
            leaf("state", ArrowType.Utf8.INSTANCE));

    /** Arrow rounds buffers up to powers of two; a file that wants more than this is not what it says. */
    private static final int MEMORY_PER_BYTE = 8;

    private static final long LEAST_MEMORY = 1L << 20;

    private ConceptFile() {}

    private static Field leaf(String name, ArrowType type) {
        return new Field(name, FieldType.notNullable(type), List.of());
    }

    private static Field list(String name, Field item) {
        return new Field(name, FieldType.notNullable(ArrowType.List.INSTANCE), List.of(item));
    }

    private static Field struct(Field... fields) {
        return new Field("item", FieldType.notNullable(ArrowType.Struct.INSTANCE), List.of(fields));
    }

    /** The bytes of the file; the same columns give the same bytes. */
    static byte[] write(Columns columns) {
        Schema schema = new Schema(
                FIELDS, Map.of(VERSION_KEY, String.valueOf(VERSION), LANGUAGES, String.join(",", columns.languages())));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, Channels.newChannel(bytes))) {
            fill(root, columns);
            writer.start();
            writer.writeBatch();
            writer.end();
        } catch (IOException e) {
            throw new IllegalStateException("Memory does not fail to be written", e);
        }
        return bytes.toByteArray();
    }

    private static void fill(VectorSchemaRoot root, Columns columns) {
        texts((VarCharVector) root.getVector("id"), columns.ids());
        bytes((TinyIntVector) root.getVector("kind"), columns.kinds());
        ListVector parents = (ListVector) root.getVector("parents");
        starts(parents, columns.parents().starts());
        ints((IntVector) parents.getDataVector(), columns.parents().values());
        ListVector names = (ListVector) root.getVector("names");
        StructVector name = worded(names, columns.names());
        ints(name.getChild("sense", IntVector.class), columns.senses());
        ints(name.getChild("count", IntVector.class), columns.counts());
        worded((ListVector) root.getVector("descriptions"), columns.descriptions());
        texts((VarCharVector) root.getVector("state"), columns.states());
        root.setRowCount(columns.size());
    }

    private static StructVector worded(ListVector vector, Columns.Worded worded) {
        starts(vector, worded.starts());
        StructVector items = (StructVector) vector.getDataVector();
        texts(items.getChild("text", VarCharVector.class), worded.texts());
        bytes(items.getChild("language", TinyIntVector.class), worded.languages());
        for (int i = 0; i < worded.texts().size(); i++) {
            items.setIndexDefined(i);
        }
        items.setValueCount(worded.texts().size());
        return items;
    }

    private static void starts(ListVector vector, int[] starts) {
        for (int row = 0; row + 1 < starts.length; row++) {
            vector.startNewValue(row);
            vector.endValue(row, starts[row + 1] - starts[row]);
        }
        vector.setLastSet(starts.length - 2);
        vector.setValueCount(starts.length - 1);
    }

    private static void texts(VarCharVector vector, Texts texts) {
        for (int row = 0; row < texts.size(); row++) {
            vector.setSafe(row, texts.utf8(row));
        }
        vector.setValueCount(texts.size());
    }

    private static void ints(IntVector vector, int[] values) {
        for (int row = 0; row < values.length; row++) {
            vector.setSafe(row, values[row]);
        }
        vector.setValueCount(values.length);
    }

    private static void bytes(TinyIntVector vector, byte[] values) {
        for (int row = 0; row < values.length; row++) {
            vector.setSafe(row, values[row]);
        }
        vector.setValueCount(values.length);
    }

    /**
     * Reads the bytes of a file. The catch is wide on purpose: Arrow's reader answers malformed bytes with a dozen unrelated
     * unchecked exceptions.
     *
     * @throws IllegalArgumentException if they are not a label system
     */
    static Columns read(byte[] bytes, String name) {
        try (BufferAllocator allocator = new RootAllocator(LEAST_MEMORY + (long) MEMORY_PER_BYTE * bytes.length);
                ArrowFileReader reader =
                        new ArrowFileReader(new ByteArrayReadableSeekableByteChannel(bytes), allocator)) {
            Schema schema = reader.getVectorSchemaRoot().getSchema();
            Map<String, String> metadata = schema.getCustomMetadata();
            if (!schema.getFields().equals(FIELDS)
                    || !String.valueOf(VERSION).equals(metadata.get(VERSION_KEY))
                    || reader.getRecordBlocks().size() != 1) {
                throw new IllegalArgumentException(
                        "it must have the columns of a label system, version %d, in one batch".formatted(VERSION));
            }
            ArrowBlock block = reader.getRecordBlocks().get(0);
            try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
                load(root, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), block, allocator);
                return columns(root, metadata.getOrDefault(LANGUAGES, ""));
            }
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "%s is not the file of a label system (%s); import it again".formatted(name, e.getMessage()), e);
        }
    }

    /** Not by the reader, which forgets memory when it stops half-way through a malformed batch. */
    private static void load(VectorSchemaRoot root, ByteBuffer file, ArrowBlock block, BufferAllocator allocator)
            throws IOException {
        int begin = Math.toIntExact(block.getOffset());
        RecordBatch header = header(file, begin);
        int length = Math.toIntExact(block.getBodyLength());
        ByteBuffer bytes = file.slice(Math.addExact(begin, block.getMetadataLength()), length);
        ArrowBuf body = allocator.buffer(length);
        boolean whole = false;
        try {
            body.setBytes(0, bytes);
            body.getReferenceManager().retain();
            try (ArrowRecordBatch batch = MessageSerializer.deserializeRecordBatch(header, body)) {
                new VectorLoader(root).load(batch);
            }
            // That buffers are long enough for the rows; what the rows hold, the columns check, many times faster than
            // Arrow does.
            ValueVectorUtility.validate(root);
            whole = true;
        } finally {
            body.getReferenceManager().release();
            if (!whole) {
                root.close();
                while (body.refCnt() > 0) {
                    body.getReferenceManager().release();
                }
            }
        }
    }

    /** A record batch begins with a marker, the length of its header, and the header. */
    private static RecordBatch header(ByteBuffer file, int begin) {
        int length = file.getInt(Math.addExact(begin, Integer.BYTES));
        Message message = Message.getRootAsMessage(
                file.slice(Math.addExact(begin, 2 * Integer.BYTES), length).order(ByteOrder.LITTLE_ENDIAN));
        if (message.header(new RecordBatch()) instanceof RecordBatch batch
                && message.headerType() == MessageHeader.RecordBatch
                && batch.compression() == null) {
            return batch;
        }
        throw new IllegalArgumentException("its batch is of another kind, or compressed");
    }

    private static Columns columns(VectorSchemaRoot root, String languages) {
        ListVector parents = (ListVector) root.getVector("parents");
        ListVector names = (ListVector) root.getVector("names");
        StructVector name = (StructVector) names.getDataVector();
        return new Columns(
                languages.isEmpty() ? List.of() : List.of(languages.split(",", -1)),
                texts((VarCharVector) root.getVector("id")),
                bytes((TinyIntVector) root.getVector("kind")),
                new Lists(starts(parents), ints((IntVector) parents.getDataVector())),
                worded(names),
                ints(name.getChild("sense", IntVector.class)),
                ints(name.getChild("count", IntVector.class)),
                worded((ListVector) root.getVector("descriptions")),
                texts((VarCharVector) root.getVector("state")));
    }

    private static Columns.Worded worded(ListVector vector) {
        StructVector items = (StructVector) vector.getDataVector();
        return new Columns.Worded(
                starts(vector),
                texts(items.getChild("text", VarCharVector.class)),
                bytes(items.getChild("language", TinyIntVector.class)));
    }

    private static int[] starts(ListVector vector) {
        return offsets(vector.getOffsetBuffer(), vector.getValueCount());
    }

    private static Texts texts(VarCharVector vector) {
        int[] offsets = offsets(vector.getOffsetBuffer(), vector.getValueCount());
        int end = offsets[offsets.length - 1];
        if (end < 0 || end > vector.getDataBuffer().capacity()) {
            throw new IllegalArgumentException("a text ends at byte %d of %d"
                    .formatted(end, vector.getDataBuffer().capacity()));
        }
        byte[] bytes = new byte[end];
        vector.getDataBuffer().getBytes(0, bytes);
        return new Texts(bytes, offsets);
    }

    private static int[] offsets(ArrowBuf buffer, int count) {
        return count == 0 ? new int[1] : ints(buffer, count + 1);
    }

    private static int[] ints(IntVector vector) {
        return ints(vector.getDataBuffer(), vector.getValueCount());
    }

    private static int[] ints(ArrowBuf buffer, int count) {
        int[] values = new int[count];
        if (count > 0) {
            buffer.nioBuffer(0, Math.multiplyExact(count, Integer.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer()
                    .get(values);
        }
        return values;
    }

    private static byte[] bytes(TinyIntVector vector) {
        byte[] values = new byte[vector.getValueCount()];
        vector.getDataBuffer().getBytes(0, values);
        return values;
    }
}

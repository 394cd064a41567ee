package org.generalvision.data.source;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a Parquet file from the format's description (parquet-format: README.md, Encodings.md, parquet.thrift): one row group
 * of required byte-array columns, one plain uncompressed page each, the footer in Thrift's compact protocol.
 */
final class ParquetFile {
    private static final int BYTE_ARRAY = 6;
    private static final int UTF8 = 0;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<String> names = new ArrayList<>();
    private final List<Boolean> texts = new ArrayList<>();
    private final List<Integer> offsets = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private int rows;

    ParquetFile() {
        bytes.writeBytes(Bytes.text("PAR1"));
    }

    ParquetFile column(String name, boolean text, List<byte[]> values) {
        names.add(name);
        texts.add(text);
        rows = values.size();
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        for (byte[] value : values) {
            page.writeBytes(little(value.length));
            page.writeBytes(value);
        }
        // PageHeader: type 0 (data), both sizes, DataPageHeader with values, PLAIN, and RLE for the absent levels.
        Thrift data = new Thrift().i32(1, rows).i32(2, 0).i32(3, 3).i32(4, 3);
        byte[] header = new Thrift()
                .i32(1, 0)
                .i32(2, page.size())
                .i32(3, page.size())
                .struct(5, data)
                .end();
        offsets.add(bytes.size());
        bytes.writeBytes(header);
        bytes.writeBytes(page.toByteArray());
        sizes.add(header.length + page.size());
        return this;
    }

    byte[] file() {
        List<Thrift> schema =
                new ArrayList<>(List.of(new Thrift().text(4, "schema").i32(5, names.size())));
        List<Thrift> chunks = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < names.size(); i++) {
            Thrift element = new Thrift().i32(1, BYTE_ARRAY).i32(3, 0).text(4, names.get(i));
            schema.add(texts.get(i) ? element.i32(6, UTF8) : element);
            Thrift meta = new Thrift()
                    .i32(1, BYTE_ARRAY)
                    .ints(2, List.of(0))
                    .texts(3, List.of(names.get(i)))
                    .i32(4, 0)
                    .i64(5, rows)
                    .i64(6, sizes.get(i))
                    .i64(7, sizes.get(i))
                    .i64(9, offsets.get(i));
            chunks.add(new Thrift().i64(2, offsets.get(i)).struct(3, meta));
            total += sizes.get(i);
        }
        Thrift group = new Thrift().structs(1, chunks).i64(2, total).i64(3, rows);
        byte[] footer = new Thrift()
                .i32(1, 1)
                .structs(2, schema)
                .i64(3, rows)
                .structs(4, List.of(group))
                .end();
        bytes.writeBytes(footer);
        bytes.writeBytes(little(footer.length));
        bytes.writeBytes(Bytes.text("PAR1"));
        return bytes.toByteArray();
    }

    private static byte[] little(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** A struct of Thrift's compact protocol, fields in ascending order. */
    private static final class Thrift {
        private static final int I32 = 5;
        private static final int I64 = 6;
        private static final int BINARY = 8;
        private static final int LIST = 9;
        private static final int STRUCT = 12;

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int last;

        private Thrift field(int id, int type) {
            bytes.write((id - last) << 4 | type);
            last = id;
            return this;
        }

        private Thrift varint(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes.write((int) ((rest & 0x7F) | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
            return this;
        }

        private Thrift zigzag(long value) {
            return varint(value << 1 ^ value >> 63);
        }

        private Thrift binary(String text) {
            varint(Bytes.text(text).length);
            bytes.writeBytes(Bytes.text(text));
            return this;
        }

        private Thrift list(int id, int type, int size) {
            field(id, LIST);
            bytes.write(size << 4 | type);
            return this;
        }

        Thrift i32(int id, int value) {
            return field(id, I32).zigzag(value);
        }

        Thrift i64(int id, long value) {
            return field(id, I64).zigzag(value);
        }

        Thrift text(int id, String text) {
            return field(id, BINARY).binary(text);
        }

        Thrift ints(int id, List<Integer> values) {
            list(id, I32, values.size());
            values.forEach(this::zigzag);
            return this;
        }

        Thrift texts(int id, List<String> values) {
            list(id, BINARY, values.size());
            values.forEach(this::binary);
            return this;
        }

        Thrift struct(int id, Thrift value) {
            field(id, STRUCT).bytes.writeBytes(value.end());
            return this;
        }

        Thrift structs(int id, List<Thrift> values) {
            list(id, STRUCT, values.size());
            values.forEach(value -> bytes.writeBytes(value.end()));
            return this;
        }

        byte[] end() {
            bytes.write(0);
            return bytes.toByteArray();
        }
    }
}

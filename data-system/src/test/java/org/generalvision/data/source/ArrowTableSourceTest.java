package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.ArrowWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Example.Caption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrowTableSourceTest {
    private static final Naming NAMING = new Naming("table", "NOASSERTION", List.of());

    @TempDir
    Path folder;

    private static Field field(String name, ArrowType type, Field... children) {
        return new Field(name, FieldType.nullable(type), List.of(children));
    }

    /** Two batches of two rows in the schema of Hugging Face's datasets library: image, text, label. */
    static byte[] arrow(boolean stream) throws IOException {
        Schema schema = new Schema(
                List.of(
                        field(
                                "image",
                                new ArrowType.Struct(),
                                field("bytes", new ArrowType.Binary()),
                                field("path", new ArrowType.Utf8())),
                        field("text", new ArrowType.Utf8()),
                        field("label", new ArrowType.Int(64, true))),
                Map.of(
                        "huggingface",
                        "{\"info\":{\"features\":{\"label\":{\"names\":[\"cat\",\"dog\"],\"_type\":\"ClassLabel\"}}}}"));
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                ArrowWriter writer = stream
                        ? new ArrowStreamWriter(root, null, Channels.newChannel(output))
                        : new ArrowFileWriter(root, null, Channels.newChannel(output))) {
            writer.start();
            for (int batch = 0; batch < 2; batch++) {
                StructVector image = (StructVector) root.getVector("image");
                VarBinaryVector bytes = image.getChild("bytes", VarBinaryVector.class);
                for (int row = 0; row < 2; row++) {
                    image.setIndexDefined(row);
                    bytes.setSafe(row, batch == 1 && row == 1 ? Bytes.text("broken") : Bytes.png(4 + batch, 4 + row));
                    ((VarCharVector) root.getVector("text")).setSafe(row, Bytes.text("text " + batch + row));
                    ((BigIntVector) root.getVector("label")).setSafe(row, row == 0 ? 1 : batch == 0 ? 0 : 2);
                }
                root.setRowCount(2);
                writer.writeBatch();
            }
            writer.end();
        }
        return output.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void filesAndStreamsAreTold(boolean stream) throws IOException {
        Path file = Bytes.put(folder.resolve("a.arrow"), arrow(stream));
        Candidates found = Candidates.of(new SourceConfig.Arrow(file, null, "", NAMING));
        assertThat(found.ids()).containsExactly("a.arrow/0", "a.arrow/1", "a.arrow/2");
        Example first = found.examples().get(0);
        assertThat(first.captions()).containsExactly(new Caption("text 00", "und"));
        assertThat(first.labels()).containsExactly("dog");
        assertThat(Pixels.bytes(first.image())).isEqualTo(Bytes.png(4, 4));
        assertThat(found.examples().get(1).labels()).containsExactly("cat");
        assertThat(found.rejected().get("a.arrow/3")).contains("neither a JPEG nor");
    }

    static byte[] parquet() throws IOException {
        return new ParquetFile()
                .column("jpg", false, List.of(Bytes.jpeg(8, 8), Bytes.png(4, 4), Bytes.text("broken")))
                .column("caption", true, List.of(Bytes.text("one"), Bytes.text("zw\u00f6lf"), Bytes.text("three")))
                .file();
    }

    @Test
    void parquetIsReadFromManyFiles() throws IOException {
        Bytes.put(folder.resolve("part-0.parquet"), parquet());
        Bytes.put(folder.resolve("part-1.parquet"), parquet());
        Candidates found = Candidates.of(new SourceConfig.Parquet(folder, null, "", NAMING));
        assertThat(found.ids())
                .containsExactly("part-0.parquet/0", "part-0.parquet/1", "part-1.parquet/0", "part-1.parquet/1");
        assertThat(found.examples())
                .extracting(example -> example.captions().get(0).text())
                .startsWith("one", "zw\u00f6lf");
        assertThat(Pixels.bytes(found.examples().get(0).image())).isEqualTo(Bytes.jpeg(8, 8));
        assertThat(found.rejected()).containsOnlyKeys("part-0.parquet/2", "part-1.parquet/2");
    }

    @Test
    void pathsInATableStayInTheirFolder() throws IOException {
        Bytes.put(folder.resolve("img/x.png"), Bytes.png(4, 4));
        Path table = Bytes.put(
                folder.resolve("t.parquet"),
                new ParquetFile()
                        .column("file_name", true, List.of(Bytes.text("img/x.png"), Bytes.text("img/none.png")))
                        .file());
        Candidates found = Candidates.of(new SourceConfig.Parquet(table, null, "", NAMING));
        assertThat(found.ids()).containsExactly("t.parquet/0");
        assertThat(found.rejected()).containsEntry("t.parquet/1", "is missing");
        Bytes.put(
                table,
                new ParquetFile()
                        .column("file_name", true, List.of(Bytes.text("../x.png")))
                        .file());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Candidates.of(new SourceConfig.Parquet(table, null, "", NAMING)))
                .withMessageContaining("refused");
    }

    @Test
    void brokenTablesAreRefused() throws IOException {
        for (byte[] bytes : List.of(
                new byte[0], Bytes.text("no table"), Arrays.copyOf(arrow(false), 500), Arrays.copyOf(parquet(), 500))) {
            Path file = Bytes.put(folder.resolve("x.arrow"), bytes);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Candidates.of(new SourceConfig.Arrow(file, null, "", NAMING)))
                    .withMessageContaining("x.arrow");
            Path parquet = Bytes.put(folder.resolve("x.parquet"), bytes);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Candidates.of(new SourceConfig.Parquet(parquet, null, "", NAMING)))
                    .withMessageContaining("x.parquet");
        }
    }
}

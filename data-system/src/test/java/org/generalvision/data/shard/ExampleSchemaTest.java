package org.generalvision.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.primitives.ImmutableIntArray;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Mask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards of older versions and of other writers, made with Arrow alone. */
class ExampleSchemaTest {
    /** What schema 1 had; a test below compares it with the words of its time. */
    private static final Schema VERSION_1 = new Schema(
            without(
                    ExampleSchema.CURRENT.getFields(),
                    List.of("absentLabels", "hashes", "synthetic", "polygons", "box")),
            Map.of("generalvision.schema", "1"));

    private static final Example WRITTEN = Example.builder("text", ByteBuffer.wrap(new byte[] {1}), "text", "text")
            .captions(List.of(new Example.Caption("text", "text")))
            .labels(List.of("text"))
            .boxes(List.of(new Example.Box(1, 1, 2, 2, "text", true)))
            .masks(List.of(new Mask.RunLengths(1, 1, ImmutableIntArray.of(1), "text", null)))
            .depth(new Example.Depth(ByteBuffer.wrap(new byte[] {1}), 1))
            .build();

    @TempDir
    Path folder;

    @Test
    void aShardTakesNoMoreOfAManifestThanPlansReckonWith() throws IOException {
        Path manifests = Files.createDirectories(folder.resolve("manifests"));
        List<Manifest.Shard> shards = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            shards.add(new Manifest.Shard(
                    "9999999%d.arrow".formatted(i),
                    Integer.MAX_VALUE,
                    Integer.MAX_VALUE,
                    "0".repeat(64),
                    new Manifest.Footer(10_000_000, "0".repeat(64))));
            Manifest.ofShards(shards).write(manifests);
            sizes.add(Files.size(manifests.resolve(Manifest.FILE_NAME)));
        }
        // Sums may get a digit longer.
        assertThat(sizes.get(1) - sizes.get(0)).isBetween(300L, (long) Manifest.BYTES_PER_SHARD);
    }

    @Test
    void aShardOfTheFirstSchemaIsReadAsNotAnnotatedWhereItHasNoColumns() throws IOException {
        write(VERSION_1, 1);
        assertThat(readFirst()).isEqualTo(WRITTEN);
    }

    @Test
    void aShardOfTheCurrentSchemaByAnotherWriterIsRead() throws IOException {
        write(ExampleSchema.CURRENT, 2);
        assertThat(readFirst())
                .isEqualTo(WRITTEN.toBuilder()
                        .absentLabels(List.of("text"))
                        .masks(List.of(new Mask.RunLengths(1, 1, ImmutableIntArray.of(1), "text", 0)))
                        .hashes(new Example.Hashes(HashCode.fromBytes(new byte[32]), 0L))
                        .synthetic(true)
                        .build());
    }

    @Test
    void columnsOfOtherWritersAndTheirOrderAreIgnored() throws IOException {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("embedding", FieldType.nullable(new ArrowType.Binary()), null));
        VERSION_1.getFields().forEach(field -> fields.add(0, field));
        write(new Schema(fields), 2);
        assertThat(readFirst()).isEqualTo(WRITTEN);
    }

    @Test
    void aNewerSchemaIsRefused() throws IOException {
        write(new Schema(ExampleSchema.CURRENT.getFields(), Map.of("generalvision.schema", "4")), 2);
        assertThatIllegalArgumentException()
                .isThrownBy(this::readFirst)
                .withMessageContaining("version 4, this program reads up to 3: update the program");
    }

    @Test
    void aColumnThatIsMissingIsRefused() throws IOException {
        write(new Schema(without(ExampleSchema.CURRENT.getFields(), List.of("licence"))), 2);
        assertThatIllegalArgumentException()
                .isThrownBy(this::readFirst)
                .withMessageContaining("lacks the column licence");
        write(new Schema(without(ExampleSchema.CURRENT.getFields(), List.of("crowd"))), 2);
        assertThatIllegalArgumentException()
                .isThrownBy(this::readFirst)
                .withMessageContaining("lacks the column boxes.item.crowd");
    }

    @Test
    void aColumnOfAnotherTypeIsRefused() throws IOException {
        List<Field> fields = without(ExampleSchema.CURRENT.getFields(), List.of("licence"));
        fields.add(new Field("licence", FieldType.nullable(new ArrowType.Binary()), null));
        write(new Schema(fields), 2);
        assertThatIllegalArgumentException()
                .isThrownBy(this::readFirst)
                .withMessageContaining("column licence is of type Binary, not plain Utf8");
    }

    @Test
    void aForeignMemberInsideOfAColumnIsRefused() throws IOException {
        List<Field> fields = without(ExampleSchema.CURRENT.getFields(), List.of("depth"));
        List<Field> members =
                new ArrayList<>(ExampleSchema.CURRENT.findField("depth").getChildren());
        members.add(new Field("offset", FieldType.nullable(new ArrowType.Binary()), null));
        fields.add(new Field("depth", FieldType.nullable(new ArrowType.Struct()), members));
        write(new Schema(fields), 2);
        assertThatIllegalArgumentException()
                .isThrownBy(this::readFirst)
                .withMessageContaining("depth.offset is unknown");
    }

    private static List<Field> without(List<Field> fields, List<String> names) {
        List<Field> kept = new ArrayList<>();
        for (Field field : fields) {
            if (!names.contains(field.getName())) {
                kept.add(new Field(field.getName(), field.getFieldType(), without(field.getChildren(), names)));
            }
        }
        return kept;
    }

    private Example readFirst() {
        try (ShardReader reader = ShardReader.open(folder)) {
            return reader.get(0);
        }
    }

    /** A shard of one row, every value of which is a text, a zero or a one. */
    private void write(Schema schema, int version) throws IOException {
        Path shard = folder.resolve("00000.arrow");
        try (RootAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                FileOutputStream output = new FileOutputStream(shard.toFile());
                ArrowFileWriter writer = new ArrowFileWriter(root, null, output.getChannel())) {
            root.getFieldVectors().forEach(ExampleSchemaTest::fill);
            root.setRowCount(1);
            writer.start();
            writer.writeBatch();
            writer.end();
        }
        byte[] bytes = Files.readAllBytes(shard);
        Manifest.Shard entry = new Manifest.Shard(
                "00000.arrow",
                1,
                bytes.length,
                Hashing.sha256().hashBytes(bytes).toString(),
                null);
        new Manifest(version, 1, bytes.length, List.of(entry), new TreeMap<>(), new TreeMap<>(), new TreeMap<>())
                .write(folder);
    }

    private static void fill(FieldVector vector) {
        if (vector instanceof VarCharVector texts) {
            texts.setSafe(0, "text".getBytes(StandardCharsets.UTF_8));
        } else if (vector instanceof VarBinaryVector bytes) {
            bytes.setSafe(0, new byte[] {1});
        } else if (vector instanceof FixedSizeBinaryVector hashes) {
            hashes.setSafe(0, new byte[32]);
        } else if (vector instanceof BigIntVector numbers) {
            numbers.setSafe(0, 0);
        } else if (vector instanceof BitVector bits) {
            bits.setSafe(0, 1);
        } else if (vector instanceof Float8Vector numbers) {
            numbers.setSafe(0, vector.getName().endsWith("2") ? 2 : 1);
        } else if (vector instanceof IntVector numbers) {
            numbers.setSafe(0, vector.getName().equals("box") ? 0 : 1);
        } else if (vector instanceof StructVector struct) {
            struct.setIndexDefined(0);
            struct.getChildrenFromFields().forEach(ExampleSchemaTest::fill);
        } else if (vector instanceof ListVector list && !vector.getName().equals("polygons")) {
            list.startNewValue(0);
            fill(list.getDataVector());
            list.endValue(0, 1);
        }
    }

    @Test
    void theFirstSchemaIsWhatItWas() {
        assertThat(VERSION_1.getFields())
                .extracting(Field::toString)
                .containsExactly(
                        "id: Utf8 not null",
                        "image: Binary not null",
                        "source: Utf8 not null",
                        "licence: Utf8 not null",
                        "captions: List<item: Struct<text: Utf8 not null, language: Utf8 not null>>",
                        "labels: List<item: Utf8 not null>",
                        "boxes: List<item: Struct<x1: FloatingPoint(DOUBLE) not null, y1: FloatingPoint(DOUBLE) not null, "
                                + "x2: FloatingPoint(DOUBLE) not null, y2: FloatingPoint(DOUBLE) not null, "
                                + "label: Utf8 not null, crowd: Bool not null>>",
                        "masks: List<item: Struct<height: Int(32, true) not null, width: Int(32, true) not null, "
                                + "runs: List<item: Int(32, true) not null>, label: Utf8 not null>>",
                        "depth: Struct<png: Binary, metresPerUnit: FloatingPoint(DOUBLE)>");
    }
}

package org.generalvision.data.shard;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a shard and how they change with time. Version 1 had what is not in {@link #ADDED}; version 2 added that;
 * version 3 added checksums to the footer ({@link ShardIndex}). A column, or a member of one, is only ever added, and means
 * "not annotated" where it is absent. So a reader takes every older version, refuses newer ones, and ignores top-level columns
 * of other writers; inside a column nothing foreign may stand.
 */
final class ExampleSchema {
    static final int VERSION = 3;

    /** Since this version the footer of a shard holds checksums of its parts; the columns are those of version 2. */
    static final int FOOTERS_SINCE = 3;

    private static final String VERSION_KEY = "generalvision.schema";

    /** Paths of what is younger than version 1. */
    private static final Set<String> ADDED =
            Set.of("absentLabels", "masks.item.polygons", "masks.item.box", "hashes", "synthetic");

    static final Schema CURRENT = new Schema(
            List.of(
                    required("id", new ArrowType.Utf8()),
                    required("image", new ArrowType.Binary()),
                    required("source", new ArrowType.Utf8()),
                    required("licence", new ArrowType.Utf8()),
                    list("captions", struct("item", text("text"), text("language"))),
                    list("labels", text("item")),
                    list("absentLabels", text("item")),
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
                                    required("height", int32()),
                                    required("width", int32()),
                                    list("runs", required("item", int32())),
                                    list("polygons", list("item", real("item"))),
                                    text("label"),
                                    nullable("box", int32()))),
                    struct("depth", nullable("png", new ArrowType.Binary()), nullable("metresPerUnit", float64())),
                    struct(
                            "hashes",
                            nullable("content", new ArrowType.FixedSizeBinary(32)),
                            nullable("perceptual", new ArrowType.Int(64, true))),
                    nullable("synthetic", new ArrowType.Bool())),
            Map.of(VERSION_KEY, Integer.toString(VERSION)));

    private ExampleSchema() {}

    /**
     * Whether a file can be read.
     *
     * @throws IllegalArgumentException if its schema is newer, lacks a column, or has one of another type
     */
    static void require(Schema file) {
        String version = file.getCustomMetadata().getOrDefault(VERSION_KEY, Integer.toString(VERSION));
        if (!version.matches("[1-9]") || Integer.parseInt(version) > VERSION) {
            throw new IllegalArgumentException(
                    "its schema is version %s, this program reads up to %d: update the program"
                            .formatted(version, VERSION));
        }
        for (Field known : CURRENT.getFields()) {
            requireLike(known, named(file.getFields(), known.getName()).orElse(null), known.getName());
        }
    }

    private static void requireLike(Field known, @Nullable Field found, String path) {
        if (found == null) {
            if (!ADDED.contains(path)) {
                throw new IllegalArgumentException("it lacks the column " + path);
            }
            return;
        }
        if (!found.getType().equals(known.getType()) || found.getDictionary() != null) {
            throw new IllegalArgumentException(
                    "its column %s is of type %s, not plain %s".formatted(path, found.getType(), known.getType()));
        }
        Set<String> names = known.getChildren().stream().map(Field::getName).collect(Collectors.toSet());
        for (Field child : found.getChildren()) {
            if (!names.remove(child.getName())) {
                throw new IllegalArgumentException(
                        "its column %s.%s is unknown or twice there".formatted(path, child.getName()));
            }
        }
        for (Field child : known.getChildren()) {
            requireLike(child, named(found.getChildren(), child.getName()).orElse(null), path + "." + child.getName());
        }
    }

    private static Optional<Field> named(List<Field> fields, String name) {
        return fields.stream().filter(field -> field.getName().equals(name)).findFirst();
    }

    private static ArrowType float64() {
        return new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
    }

    private static ArrowType int32() {
        return new ArrowType.Int(32, true);
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

    private static Field list(String name, Field item) {
        return new Field(name, FieldType.nullable(new ArrowType.List()), List.of(item));
    }

    private static Field struct(String name, Field... fields) {
        return new Field(name, FieldType.nullable(new ArrowType.Struct()), List.of(fields));
    }
}

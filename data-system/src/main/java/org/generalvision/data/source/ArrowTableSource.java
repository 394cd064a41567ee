package org.generalvision.data.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.generalvision.data.example.Example.Caption;
import org.generalvision.data.source.ColumnRoles.Role;
import org.jspecify.annotations.Nullable;

/**
 * Tables of images and texts in Arrow or Parquet. Images are encoded bytes, or a group of {@code bytes} and {@code path} as
 * Hugging Face's datasets library writes them, or paths that do not leave their folder. Class numbers get the names that the
 * same library keeps in the schema.
 */
final class ArrowTableSource extends StreamingSource {
    static final Set<String> ARROW_ENDINGS = Set.of(".arrow", ".feather", ".ipc");
    static final Set<String> PARQUET_ENDINGS = Set.of(".parquet");

    private static final JsonMapper JSON = new JsonMapper();

    private final List<Path> files;
    private final ArrowTable.Format format;
    private final @Nullable SafeFolder images;
    private final ColumnRoles roles;
    private final Naming naming;

    /**
     * Tables.
     *
     * @param tables a file, a folder or a pattern: see {@link FilePattern}
     * @param images folder from which paths in the tables go; null for the tables' own
     */
    ArrowTableSource(Path tables, ArrowTable.Format format, @Nullable Path images, ColumnRoles roles, Naming naming) {
        files = FilePattern.files(tables, format == ArrowTable.Format.PARQUET ? PARQUET_ENDINGS : ARROW_ENDINGS);
        this.format = format;
        this.images = images == null ? null : new SafeFolder(images);
        this.roles = roles;
        this.naming = naming;
    }

    @Override
    Pass begin() {
        Iterator<Path> rest = files.iterator();
        return new Pass() {
            private @Nullable Rows rows;

            @Override
            @Nullable
            Candidate read() throws IOException {
                while (rows != null || rest.hasNext()) {
                    if (rows == null) {
                        rows = new Rows(rest.next());
                    }
                    Candidate candidate = rows.next();
                    if (candidate != null) {
                        return candidate;
                    }
                    close();
                }
                return null;
            }

            @Override
            public void close() {
                if (rows != null) {
                    rows.table.close();
                    rows = null;
                }
            }
        };
    }

    private final class Rows {
        private final Path file;
        private final ArrowTable table;
        private final Map<Role, String> found;
        private final Naming named;
        private final SafeFolder folder;
        private int row;
        private int rowsOfBatch;
        private long number;

        Rows(Path file) throws IOException {
            this.file = file;
            table = ArrowTable.open(file, format);
            try {
                found = roles.in(table.columns(), file.toString());
                named = named();
                folder = images == null
                        ? new SafeFolder(java.util.Objects.requireNonNullElse(
                                file.toAbsolutePath().getParent(), Path.of("")))
                        : images;
            } catch (RuntimeException e) {
                table.close();
                throw e;
            }
        }

        private Naming named() {
            String column = found.get(Role.LABEL);
            String features = table.metadata("huggingface");
            if (column == null || features.isEmpty() || !naming.classes().isEmpty()) {
                return naming;
            }
            List<String> names = new ArrayList<>();
            try {
                JsonNode feature = JSON.readTree(features).at("/info/features").path(column);
                feature.path("names").forEach(name -> names.add(name.asText()));
            } catch (JsonProcessingException e) {
                throw ArrowTable.broken(file, e);
            }
            return new Naming(naming.source(), naming.licence(), names);
        }

        @Nullable
        Candidate next() throws IOException {
            while (row >= rowsOfBatch) {
                if (!table.next()) {
                    return null;
                }
                row = 0;
                rowsOfBatch = table.batch().getRowCount();
            }
            int at = row++;
            String id = file.getFileName() + "/" + number++;
            try {
                return new Candidate.Accepted(example(id, at));
            } catch (UnsafePathException e) {
                throw new UnsafePathException("Row %s: %s".formatted(id, e.getMessage()), e);
            } catch (IllegalArgumentException e) {
                return Candidate.Rejected.of(id, e);
            } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
                throw ArrowTable.broken(file, e);
            }
        }

        private org.generalvision.data.example.Example example(String id, int at) throws IOException {
            EncodedImage image = image(vector(Role.IMAGE), at);
            String licence = text(Role.LICENCE, at);
            String language = Languages.tag(text(Role.LANGUAGE, at));
            String label = text(Role.LABEL, at);
            List<String> texts = new ArrayList<>();
            FieldVector captions = vector(Role.CAPTION);
            if (captions instanceof ListVector list) {
                list.getObject(at).forEach(item -> texts.add(String.valueOf(item)));
            } else {
                texts.add(text(Role.CAPTION, at));
            }
            return (licence.isEmpty() ? named : named.withLicence(licence))
                    .example(id, image.bytes())
                    .captions(texts.stream()
                            .map(String::strip)
                            .filter(text -> !text.isEmpty())
                            .map(text -> new Caption(text, language))
                            .toList())
                    .labels(label.isEmpty() ? List.of() : List.of(named.className(label)))
                    .build();
        }

        private @Nullable FieldVector vector(Role role) {
            String column = found.get(role);
            return column == null ? null : table.batch().getVector(column);
        }

        private EncodedImage image(@Nullable FieldVector vector, int at) throws IOException {
            if (vector == null || vector.isNull(at)) {
                throw new IllegalArgumentException("has no image");
            }
            if (vector instanceof StructVector group) {
                FieldVector bytes = group.getChild("bytes", FieldVector.class);
                boolean there = bytes != null && !bytes.isNull(at);
                return image(there ? bytes : group.getChild("path", FieldVector.class), at);
            }
            if (vector instanceof VarCharVector || vector instanceof LargeVarCharVector) {
                return EncodedImage.read(folder.resolve(Utf8Lines.decode(bytes(vector, at))));
            }
            return EncodedImage.of(bytes(vector, at));
        }

        private String text(Role role, int at) {
            FieldVector vector = vector(role);
            if (vector == null || vector.isNull(at)) {
                return "";
            }
            if (vector.getField().getDictionary() != null) {
                throw ArrowTable.broken(
                        file,
                        new IllegalArgumentException(
                                "column %s is dictionary-encoded, write it as text".formatted(vector.getName())));
            }
            if (vector instanceof VarCharVector || vector instanceof LargeVarCharVector) {
                return Utf8Lines.decode(bytes(vector, at)).strip();
            }
            return String.valueOf(vector.getObject(at)).strip();
        }

        /** Checks the length first: a broken offset may say anything. */
        private byte[] bytes(FieldVector vector, int at) {
            long length = -1;
            if (vector instanceof BaseVariableWidthVector small) {
                length = small.getValueLength(at);
            } else if (vector instanceof BaseLargeVariableWidthVector large) {
                length = large.getValueLength(at);
            }
            if (length < 0 || length > EncodedImage.MAX_BYTES) {
                throw new IllegalArgumentException("column %s has no bytes, or %d of them, which is out of 0..%d"
                        .formatted(vector.getName(), length, EncodedImage.MAX_BYTES));
            }
            Object value = vector.getObject(at);
            return value instanceof byte[] bytes ? bytes : ((org.apache.arrow.vector.util.Text) value).copyBytes();
        }
    }
}

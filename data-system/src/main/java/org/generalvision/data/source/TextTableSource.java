package org.generalvision.data.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.generalvision.data.example.Example.Caption;
import org.generalvision.data.source.ColumnRoles.Role;
import org.jspecify.annotations.Nullable;

/**
 * A table of images and texts with a header line: CSV as RFC 4180 has it, or the same with tabs, as spreadsheets and pandas
 * write it (a field that begins with a quotation mark ends with one, and marks inside are doubled). Images are paths that
 * do not leave their folder.
 */
final class TextTableSource extends StreamingSource {
    private final Path table;
    private final SafeFolder images;
    private final char separator;
    private final ColumnRoles roles;
    private final Naming naming;

    /**
     * A table.
     *
     * @param table file in UTF-8
     * @param images folder from which the paths go
     * @param separator comma or tab
     */
    TextTableSource(Path table, Path images, char separator, ColumnRoles roles, Naming naming) {
        this.table = table;
        this.images = new SafeFolder(images);
        this.separator = separator;
        this.roles = roles;
        this.naming = naming;
    }

    @Override
    Pass begin() throws IOException {
        CsvRows rows = new CsvRows(table, separator);
        try {
            return new Rows(rows);
        } catch (IOException | RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    private final class Rows extends Pass {
        private final CsvRows rows;
        private final List<String> columns;
        private final Map<Role, String> found;

        Rows(CsvRows rows) throws IOException {
            this.rows = rows;
            String[] header = rows.next();
            if (header == null) {
                throw new IllegalArgumentException(table + " is empty; its first line must name the columns");
            }
            columns = List.of(header);
            if (Set.copyOf(columns).size() < columns.size()) {
                throw new IllegalArgumentException("%s has two columns of one name: %s".formatted(table, columns));
            }
            found = roles.in(columns, table.toString());
        }

        @Override
        @Nullable
        Candidate read() throws IOException {
            String[] row = rows.next();
            long number = rows.number();
            if (row == null) {
                return null;
            }
            String id = "row " + number;
            try {
                if (row.length != columns.size()) {
                    throw new IllegalArgumentException(
                            "has %d fields, but the header has %d".formatted(row.length, columns.size()));
                }
                return accepted(number, row);
            } catch (UnsafePathException e) {
                throw new UnsafePathException("Row %d of %s: %s".formatted(number, table, e.getMessage()), e);
            } catch (IllegalArgumentException e) {
                return Candidate.Rejected.of(id, e);
            }
        }

        private Candidate accepted(long number, String[] row) throws IOException {
            String path = field(Role.IMAGE, row);
            EncodedImage image = EncodedImage.read(images.resolve(path));
            String licence = field(Role.LICENCE, row);
            Naming named = licence.isEmpty() ? naming : naming.withLicence(licence);
            List<Caption> captions = new ArrayList<>();
            String caption = field(Role.CAPTION, row);
            if (!caption.isEmpty()) {
                captions.add(new Caption(caption, Languages.tag(field(Role.LANGUAGE, row))));
            }
            String label = field(Role.LABEL, row);
            return new Candidate.Accepted(named.example(number + "/" + path, image.bytes())
                    .captions(captions)
                    .labels(label.isEmpty() ? List.of() : List.of(naming.className(label)))
                    .build());
        }

        private String field(Role role, String[] row) {
            String column = found.get(role);
            return column == null ? "" : row[columns.indexOf(column)].strip();
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }
}

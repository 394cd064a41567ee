package org.generalvision.data.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.generalvision.data.example.Example.Box;
import org.generalvision.data.example.Fault;
import org.jspecify.annotations.Nullable;

/**
 * Open Images: CSV files of boxes ({@code ImageID, Source, LabelName, Confidence, XMin, XMax, YMin, YMax, IsOccluded,
 * IsTruncated, IsGroupOf, ...}, coordinates relative to the image, columns found by their names) and of verified labels of
 * whole images ({@code ImageID, Source, LabelName, Confidence}, 1 present and 0 absent). Rows of an image may stand anywhere.
 * Images are {@code <ImageID>.jpg}. Groups become crowd boxes; boxes around depictions and from inside are kept.
 */
final class OpenimagesSource extends StreamingSource {
    private static final String IMAGE = "ImageID";
    private static final String LABEL = "LabelName";
    private static final List<String> CORNERS = List.of("XMin", "YMin", "XMax", "YMax");

    private final List<Path> tables;
    private final SafeFolder images;
    private final Naming naming;
    private final Map<String, String> descriptions;

    /**
     * Tables about the same images.
     *
     * @param tables of boxes or labels
     * @param descriptions {@code class-descriptions-boxable.csv}: label and name on each line, with or without a header
     * @param images folder of the images
     */
    OpenimagesSource(List<Path> tables, Path descriptions, Path images, Naming naming) {
        if (tables.isEmpty()) {
            throw new IllegalArgumentException("--from openimages needs --annotations: its tables of boxes or labels");
        }
        this.tables = List.copyOf(tables);
        this.images = new SafeFolder(images);
        this.naming = naming;
        this.descriptions = descriptions(descriptions);
    }

    private static Map<String, String> descriptions(Path file) {
        Map<String, String> names = new HashMap<>();
        Set<String> taken = new HashSet<>();
        try (CsvRows rows = new CsvRows(file, ',')) {
            for (String[] row = rows.next(); row != null; row = rows.next()) {
                if (row.length != 2 || row[1].isBlank()) {
                    throw new IllegalArgumentException(
                            "%s must have a label and a name in row %d".formatted(file, rows.number()));
                }
                if (!row[0].equals(LABEL)) {
                    // A few names stand for several labels.
                    String name = row[1].strip();
                    names.put(row[0].strip(), taken.add(name) ? name : name + " (" + row[0].strip() + ")");
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("Cannot read " + file, e);
        }
        return names;
    }

    @Override
    Pass begin() throws IOException {
        GroupedRecords records = new GroupedRecords();
        try {
            for (Path table : tables) {
                read(table, records);
            }
        } catch (IOException | RuntimeException e) {
            records.close();
            throw e;
        }
        return new Pass() {
            private final Deque<Candidate> ready = new ArrayDeque<>();

            @Override
            @Nullable
            Candidate read() throws IOException {
                while (ready.isEmpty()) {
                    GroupedRecords.Group group = records.next();
                    if (group == null) {
                        return null;
                    }
                    ready.addAll(judge(group));
                }
                return ready.remove();
            }

            @Override
            public void close() throws IOException {
                records.close();
            }
        };
    }

    /** Hands on each row as label, confidence and, if it has any, corners and group mark, in a fixed order. */
    private static void read(Path table, GroupedRecords records) throws IOException {
        try (CsvRows rows = new CsvRows(table, ',')) {
            String[] header = rows.next();
            List<String> columns = header == null ? List.of() : List.of(header);
            if (!columns.contains(IMAGE) || !columns.contains(LABEL)) {
                throw new IllegalArgumentException(
                        "%s must have the columns %s and %s, not %s".formatted(table, IMAGE, LABEL, columns));
            }
            List<String> wanted = new ArrayList<>(List.of(LABEL, "Confidence"));
            if (columns.contains("XMin")) {
                wanted.addAll(CORNERS);
                wanted.add("IsGroupOf");
            }
            for (String[] row = rows.next(); row != null; row = rows.next()) {
                if (row.length != columns.size()) {
                    throw new IllegalArgumentException("Row %d of %s has %d fields, but the header has %d"
                            .formatted(rows.number(), table, row.length, columns.size()));
                }
                List<String> values = new ArrayList<>(List.of(table.getFileName() + " row " + rows.number()));
                for (String column : wanted) {
                    int at = columns.indexOf(column);
                    values.add(at < 0 ? "" : row[at].strip());
                }
                records.add(
                        row[columns.indexOf(IMAGE)].strip(),
                        String.join("\t", values).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private List<Candidate> judge(GroupedRecords.Group group) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        try {
            EncodedImage image = EncodedImage.read(images.resolve(group.key() + ".jpg"));
            BoxRule rule = new BoxRule(image);
            Set<Box> boxes = new LinkedHashSet<>();
            Set<String> present = new LinkedHashSet<>();
            Set<String> absent = new LinkedHashSet<>();
            for (byte[] value : group.values()) {
                String[] row = new String(value, StandardCharsets.UTF_8).split("\t", -1);
                try {
                    String label = label(row[1]);
                    if (row.length > 3) {
                        if (!boxes.add(box(row, label, image, rule))) {
                            throw new IllegalArgumentException("the same box as an earlier row");
                        }
                    } else {
                        (number(row[2]) > 0 ? present : absent).add(label);
                    }
                } catch (IllegalArgumentException e) {
                    candidates.add(Candidate.Rejected.of(group.key() + " " + row[0], e));
                }
            }
            candidates.add(
                    0,
                    new Candidate.Accepted(naming.example(group.key(), image.bytes())
                            .labels(List.copyOf(present))
                            .absentLabels(List.copyOf(absent))
                            .boxes(List.copyOf(boxes))
                            .build()));
        } catch (UnsafePathException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            candidates.clear();
            candidates.add(Candidate.Rejected.of(group.key(), e));
        }
        return candidates;
    }

    private String label(String id) {
        String name = descriptions.get(id);
        if (name == null) {
            throw new FaultyItemException(Fault.UNKNOWN_CLASS, "label '%s' has no description".formatted(id));
        }
        return name;
    }

    private static Box box(String[] row, String label, EncodedImage image, BoxRule rule) {
        return rule.box(
                number(row[3]) * image.width(),
                number(row[4]) * image.height(),
                number(row[5]) * image.width(),
                number(row[6]) * image.height(),
                label,
                row[7].equals("1"));
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' is no number".formatted(text), e);
        }
    }
}

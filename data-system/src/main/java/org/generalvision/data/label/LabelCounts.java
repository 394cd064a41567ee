package org.generalvision.data.label;

import com.google.common.hash.Hashing;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;

/**
 * The labels of a data set.
 *
 * @param hash of its manifest or file
 * @param examples all examples, with labels or without
 * @param counts examples that carry a label, by label
 */
public record LabelCounts(String hash, long examples, SortedMap<String, Long> counts) {
    /**
     * Counts the labels of images, boxes and masks; labels that were only looked for are listed with 0.
     *
     * @param done runs after each example
     */
    public static LabelCounts of(ExampleSource source, Runnable done) {
        SortedMap<String, Long> counts = new TreeMap<>();
        for (long i = 0; i < source.size(); i++) {
            Example example = source.get(i);
            Set<String> labels = new HashSet<>(example.labels());
            example.boxes().forEach(box -> labels.add(box.label()));
            example.masks().forEach(mask -> labels.add(mask.label()));
            labels.stream().filter(label -> !label.isBlank()).forEach(label -> counts.merge(label, 1L, Long::sum));
            example.absentLabels().forEach(label -> counts.putIfAbsent(label, 0L));
            done.run();
        }
        return new LabelCounts(source.hash(), source.size(), counts);
    }

    /**
     * Reads labels from a file: a table ({@code .csv}) with the column {@code label} and, if wanted, {@code examples}; or any
     * other text with one label in each line, where a label counts as often as it stands there.
     */
    public static LabelCounts read(Path file) {
        SortedMap<String, Long> counts = new TreeMap<>();
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".csv")) {
            for (Csv.Row row : Csv.read(file)) {
                counts.merge(label(file, row), examples(file, row), Long::sum);
            }
        } else {
            TextFile.read(file)
                    .lines()
                    .map(String::strip)
                    .filter(label -> !label.isEmpty())
                    .forEach(label -> counts.merge(checked(file, label), 1L, Long::sum));
        }
        if (counts.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no label");
        }
        long examples = counts.values().stream().mapToLong(Long::longValue).sum();
        String hash = Hashing.sha256().hashBytes(LabelDirectory.read(file)).toString();
        return new LabelCounts(hash, examples, counts);
    }

    private static String label(Path file, Csv.Row row) {
        String label = row.get("label");
        if (label.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s, row %d has no label; name a column 'label' and fill it".formatted(file, row.number()));
        }
        return checked(file, label);
    }

    private static String checked(Path file, String label) {
        if (label.length() > Concept.MAX_TEXT) {
            throw new IllegalArgumentException("%s has a label of %d characters, the most is %d"
                    .formatted(file, label.length(), Concept.MAX_TEXT));
        }
        return label;
    }

    private static long examples(Path file, Csv.Row row) {
        String cell = row.get("examples");
        if (cell.isEmpty()) {
            return 1;
        }
        if (!cell.matches("\\d{1,15}")) {
            throw new IllegalArgumentException(
                    "%s, row %d: examples is '%s' but must be a count".formatted(file, row.number(), cell));
        }
        return Long.parseLong(cell);
    }
}

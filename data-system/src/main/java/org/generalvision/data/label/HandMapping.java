package org.generalvision.data.label;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a person says of labels: a table with the columns {@code label} and {@code concept} (its id, or a name that only it has).
 * Rows without a concept say nothing, and other columns are passed over.
 *
 * @param choices ids of concepts by label
 */
public record HandMapping(Map<String, String> choices) {
    public static final HandMapping NONE = new HandMapping(Map.of());

    public HandMapping {
        choices = Map.copyOf(choices);
    }

    /**
     * Reads a table.
     *
     * @throws IllegalArgumentException if two rows disagree about a label, or a concept is unknown or ambiguous
     */
    public static HandMapping read(Path file, LabelSystem labels) {
        Map<String, String> concepts = new LinkedHashMap<>();
        Map<String, Integer> rows = new LinkedHashMap<>();
        List<Csv.Row> table = Csv.read(file);
        if (!table.isEmpty() && !table.get(0).cells().keySet().containsAll(List.of("label", "concept"))) {
            throw new IllegalArgumentException("%s has the columns %s but needs label and concept"
                    .formatted(file, table.get(0).cells().keySet()));
        }
        for (Csv.Row row : table) {
            String label = row.get("label");
            if (row.get("concept").isEmpty()) {
                continue;
            }
            String concept = resolve(file, row, labels);
            String other = concepts.putIfAbsent(label, concept);
            if (other != null && !other.equals(concept)) {
                throw new IllegalArgumentException("%s: row %d maps '%s' to %s, row %d to %s; keep one of them"
                        .formatted(file, rows.get(label), label, other, row.number(), concept));
            }
            rows.putIfAbsent(label, row.number());
        }
        return new HandMapping(concepts);
    }

    /** How many rows of a table name a concept; 0 if it has no such column. */
    public static long filledRows(Path file) {
        return Csv.read(file).stream()
                .filter(row -> !row.cells().getOrDefault("concept", "").isBlank())
                .count();
    }

    private static String resolve(Path file, Csv.Row row, LabelSystem labels) {
        String concept = row.get("concept");
        OptionalInt byId = labels.find(concept);
        if (byId.isPresent()) {
            return concept;
        }
        int[] senses = labels.senses(concept);
        if (senses.length == 1) {
            return labels.id(senses[0]);
        }
        String reason = senses.length == 0
                ? "is neither an id nor a name of a concept"
                : "is a name of %d concepts, give the id of one: %s".formatted(senses.length, shown(labels, senses));
        throw new IllegalArgumentException("%s, row %d: '%s' %s".formatted(file, row.number(), concept, reason));
    }

    private static String shown(LabelSystem labels, int[] senses) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(5, senses.length); i++) {
            shown.append(i == 0 ? "" : ", ").append(labels.id(senses[i]));
        }
        return shown.toString();
    }
}

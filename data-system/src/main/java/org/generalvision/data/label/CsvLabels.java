package org.generalvision.data.label;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.generalvision.recipe.Spelling;

/**
 * Labels as a table: columns {@code id} and {@code name}, and if wanted {@code parents}, {@code synonyms} (several separated by
 * {@code |}), {@code description}, {@code kind} (object if empty) and {@code state}. Names in a language other than English
 * stand in {@code name_zh}, {@code synonyms_zh} and {@code description_zh}, likewise for each language.
 */
public final class CsvLabels {
    private static final String ENGLISH = "en";
    private static final Set<String> COLUMNS =
            Set.of("id", "name", "parents", "synonyms", "description", "kind", "state");
    private static final Pattern TRANSLATED = Pattern.compile("(name|synonyms|description)_([A-Za-z0-9-]+)");

    private CsvLabels() {}

    /**
     * Reads a table of labels.
     *
     * @param homonyms whether several concepts may have one preferred name
     * @throws IllegalArgumentException if the table is malformed, or two concepts claim one name and must not
     */
    public static Imported read(Path file, boolean homonyms) {
        List<Csv.Row> rows = Csv.read(file);
        List<Concept> concepts = new ArrayList<>();
        for (Csv.Row row : rows) {
            try {
                row.cells().keySet().forEach(CsvLabels::checkColumn);
                concepts.add(concept(row));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("%s, row %d: %s".formatted(file, row.number(), e.getMessage()), e);
            }
        }
        if (concepts.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no label");
        }
        if (!homonyms) {
            checkNames(file, concepts);
        }
        return new Imported(LabelSystem.of(concepts), Morphology.REGULAR, List.of());
    }

    private static void checkColumn(String column) {
        if (!COLUMNS.contains(column) && !TRANSLATED.matcher(column).matches()) {
            throw new IllegalArgumentException(
                    "column '%s' is unknown%s".formatted(column, Spelling.suggestion(column, COLUMNS)));
        }
    }

    private static Concept concept(Csv.Row row) {
        List<Concept.Name> names = new ArrayList<>();
        List<Concept.Description> descriptions = new ArrayList<>();
        addWords(row, "", ENGLISH, names, descriptions);
        for (String column : row.cells().keySet()) {
            Matcher matcher = TRANSLATED.matcher(column);
            if (matcher.matches() && matcher.group(1).equals("name")) {
                addWords(row, "_" + matcher.group(2), matcher.group(2), names, descriptions);
            }
        }
        String kind = row.get("kind");
        return new Concept(
                row.get("id"),
                kind.isEmpty() ? Kind.OBJECT : Kind.of(kind),
                items(row.get("parents")),
                names,
                descriptions,
                row.get("state"));
    }

    private static void addWords(
            Csv.Row row,
            String suffix,
            String language,
            List<Concept.Name> names,
            List<Concept.Description> descriptions) {
        if (!row.get("name" + suffix).isEmpty()) {
            names.add(new Concept.Name(row.get("name" + suffix), language));
        }
        items(row.get("synonyms" + suffix)).forEach(item -> names.add(new Concept.Name(item, language)));
        if (!row.get("description" + suffix).isEmpty()) {
            descriptions.add(new Concept.Description(row.get("description" + suffix), language));
        }
    }

    private static List<String> items(String cell) {
        return Arrays.stream(cell.split("\\|", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static void checkNames(Path file, List<Concept> concepts) {
        SortedMap<String, List<String>> claims = new TreeMap<>();
        for (Concept concept : concepts) {
            claims.computeIfAbsent(
                            new String(NameKey.of(concept.name()), StandardCharsets.UTF_8), name -> new ArrayList<>())
                    .add(concept.id());
        }
        List<String> conflicts = claims.entrySet().stream()
                .filter(claim -> claim.getValue().size() > 1)
                .map(CsvLabels::conflict)
                .toList();
        if (!conflicts.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s: %d names are claimed by two labels or more: %s; rename them, or allow it with --homonyms"
                            .formatted(
                                    file,
                                    conflicts.size(),
                                    String.join("; ", conflicts.subList(0, Math.min(10, conflicts.size())))));
        }
    }

    private static String conflict(Map.Entry<String, List<String>> claim) {
        return "'%s' by %s".formatted(claim.getKey(), String.join(", ", claim.getValue()));
    }
}

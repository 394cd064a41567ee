package org.generalvision.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.generalvision.weights.DurableFile;

/**
 * Candidates that were trained once, with what they reached: what searches are replayed on. In a file each is a JSON line, with
 * the candidate in words, so that a table outlives the numbering of choices.
 */
public final class FitnessTable {
    private static final int FEWEST = 20;

    private final List<Row> rows;

    /** A candidate and its accuracy in [0, 1]. */
    record Row(Tokens tokens, double accuracy) {}

    /** A line of the file. */
    private record Line(String architecture, double accuracy) {}

    FitnessTable(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    /**
     * Reads a table.
     *
     * @throws IllegalArgumentException if a line is none of a candidate of the space, a candidate stands there twice, or there
     *     are fewer than 20
     */
    public static FitnessTable read(Path file, TokenSpace space) {
        List<Row> rows = new ArrayList<>();
        Map<Tokens, Integer> lines = new LinkedHashMap<>();
        try {
            for (String text : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                int number = rows.size() + 1;
                String origin = "line %d of %s".formatted(number, file);
                Line line = Json.read(text, Line.class, origin);
                if (!(line.accuracy() >= 0 && line.accuracy() <= 1)) {
                    throw new IllegalArgumentException(origin + ": accuracy must lie in [0, 1]: " + line.accuracy());
                }
                Tokens tokens = parse(line.architecture(), space, origin);
                Integer before = lines.putIfAbsent(tokens, number);
                if (before != null) {
                    throw new IllegalArgumentException(
                            "%s repeats the candidate of line %d; remove one".formatted(origin, before));
                }
                rows.add(new Row(tokens, line.accuracy()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the table " + file, e);
        }
        if (rows.size() < FEWEST) {
            throw new IllegalArgumentException(
                    "%s has %d candidates; at least %d are needed to say anything of others; record more trials"
                            .formatted(file, rows.size(), FEWEST));
        }
        return new FitnessTable(rows);
    }

    private static Tokens parse(String architecture, TokenSpace space, String origin) {
        try {
            return space.parse(architecture);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(origin + " is no candidate of the recipe's space: " + e.getMessage(), e);
        }
    }

    /**
     * Writes the table of all trials, each candidate once, without those that failed.
     *
     * @return number of candidates
     */
    public static int write(Path file, List<Arm> arms) {
        Map<String, Line> lines = new LinkedHashMap<>();
        for (Arm arm : arms) {
            for (Trial trial : arm.trials()) {
                if (trial.failure() == null) {
                    lines.putIfAbsent(trial.architecture(), new Line(trial.architecture(), trial.accuracy()));
                }
            }
        }
        StringBuilder text = new StringBuilder();
        lines.values().forEach(line -> text.append(Json.line(line)).append('\n'));
        DurableFile.write(file, text.toString());
        return lines.size();
    }

    List<Row> rows() {
        return rows;
    }
}

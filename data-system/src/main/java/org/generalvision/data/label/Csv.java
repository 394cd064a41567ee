package org.generalvision.data.label;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tables as comma-separated values (RFC 4180) in UTF-8, with a line of column names. */
final class Csv {
    private static final CsvMapper MAPPER = CsvMapper.builder(CsvFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Concept.MAX_TEXT)
                            .build())
                    .build())
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .build();

    private Csv() {}

    /**
     * One line under the line of names.
     *
     * @param number row number for messages, where the names are row 1
     * @param cells texts by column, blanks around them removed
     */
    record Row(int number, Map<String, String> cells) {
        String get(String column) {
            return cells.getOrDefault(column, "");
        }
    }

    /**
     * Reads a table; blank lines are passed over.
     *
     * @throws IllegalArgumentException if the file is not such a table; it names file and row
     */
    static List<Row> read(Path file) {
        List<Row> rows = new ArrayList<>();
        int number = 0;
        try (MappingIterator<String[]> lines = MAPPER.readerFor(String[].class).readValues(TextFile.read(file))) {
            List<String> header = List.of();
            while (lines.hasNextValue()) {
                String[] cells = lines.nextValue();
                number++;
                if (cells.length == 0 || (cells.length == 1 && cells[0].isBlank())) {
                    continue;
                }
                if (header.isEmpty()) {
                    header = header(cells);
                } else {
                    rows.add(row(number, header, cells));
                }
            }
            if (header.isEmpty()) {
                throw new IllegalArgumentException("it is empty; its first row must name the columns");
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "%s, row %d is not comma-separated values: %s".formatted(file, number + 1, e.getOriginalMessage()),
                    e);
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException("%s, row %d: %s".formatted(file, number, e.getMessage()), e);
        }
        return rows;
    }

    private static List<String> header(String[] cells) {
        List<String> header = Arrays.stream(cells).map(String::strip).toList();
        if (new HashSet<>(header).size() < header.size()) {
            throw new IllegalArgumentException("two columns have one name: " + header);
        }
        return header;
    }

    private static Row row(int number, List<String> header, String[] cells) {
        if (cells.length > header.size()) {
            throw new IllegalArgumentException("%d cells under %d column names; quote cells that hold commas"
                    .formatted(cells.length, header.size()));
        }
        Map<String, String> byColumn = new LinkedHashMap<>();
        for (int i = 0; i < cells.length; i++) {
            byColumn.put(header.get(i), cells[i].strip());
        }
        return new Row(number, byColumn);
    }

    /** One line with its end, cells quoted where they must be. */
    static String line(Object... cells) {
        return Arrays.stream(cells).map(String::valueOf).map(Csv::quoted).collect(Collectors.joining(",", "", "\n"));
    }

    private static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                && cell.equals(cell.strip());
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}

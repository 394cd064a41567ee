package org.generalvision.data.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Rows of a table in RFC 4180's form, with a comma or another separator. */
final class CsvRows implements Closeable {
    private static final CsvMapper MAPPER = CsvMapper.builder(CsvFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Utf8Lines.MAX_CHARACTERS)
                            .build())
                    .build())
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

    private final Path table;
    private final MappingIterator<String[]> rows;
    private long number;

    CsvRows(Path table, char separator) throws IOException {
        this.table = table;
        Reader text = Utf8Lines.open(table);
        try {
            rows = MAPPER.readerFor(String[].class)
                    .with(CsvSchema.emptySchema().withColumnSeparator(separator))
                    .readValues(text);
        } catch (IOException e) {
            text.close();
            throw refusal(e);
        }
    }

    /**
     * The next row, or null at the end.
     *
     * @throws IllegalArgumentException if the table is not UTF-8 or its quotation marks do not match
     */
    String @Nullable [] next() {
        try {
            number++;
            return rows.hasNextValue() ? rows.nextValue() : null;
        } catch (IOException e) {
            throw refusal(e);
        }
    }

    /** The table's own faults are refused; what is left is a fault of the disk. */
    private RuntimeException refusal(IOException e) {
        if (e instanceof CharacterCodingException encoding) {
            return Utf8Lines.notUtf8(table, encoding);
        }
        if (e instanceof JsonProcessingException broken) {
            return new IllegalArgumentException(
                    "%s is broken at row %d: %s. A field with quotation marks is put in quotation marks, those inside doubled"
                            .formatted(table, number, broken.getOriginalMessage()),
                    e);
        }
        return new UncheckedIOException("Cannot read " + table, e);
    }

    /** The number of the row that was read last, from 1; blank lines are not counted. */
    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}

package org.generalvision.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.generalvision.weights.DurableFile;

/**
 * Latencies by candidate, each measured once and kept, since a second measurement gives another number: a resumed search must
 * take the same decisions.
 */
final class LatencyTable {
    private final Path file;
    private final ToDoubleFunction<Tokens> measure;
    private final Map<Tokens, Double> millis = new HashMap<>();

    /** A line of the file. */
    private record Line(Tokens tokens, double millis) {}

    /**
     * Opens or creates a table.
     *
     * @param file of JSON lines; made with the first measurement
     * @param measure milliseconds of a candidate
     */
    LatencyTable(Path file, ToDoubleFunction<Tokens> measure) {
        this.file = file;
        this.measure = measure;
        try {
            if (Files.exists(file)) {
                for (String text : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                    Line line = Json.read(text, Line.class, "a line of " + file);
                    millis.put(line.tokens(), line.millis());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    double of(Tokens tokens) {
        Double known = millis.get(tokens);
        if (known != null) {
            return known;
        }
        double measured = measure.applyAsDouble(tokens);
        millis.put(tokens, measured);
        StringBuilder lines = new StringBuilder();
        millis.forEach(
                (key, value) -> lines.append(Json.line(new Line(key, value))).append('\n'));
        DurableFile.write(file, lines.toString());
        return measured;
    }
}

package org.generalvision.data.curate;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files with one JSON object per line, which people and models exchange with the curation steps. */
final class JsonLines {
    private static final int MAX_LINE = 1 << 24;

    private JsonLines() {}

    /**
     * Reads all lines that are not empty, one at a time.
     *
     * @param what a line is, for errors
     * @throws IllegalArgumentException naming the line that is malformed, or that the consumer refuses
     */
    static <T> void read(Path file, Class<T> type, String what, Consumer<T> consumer) {
        int number = 0;
        try (Stream<String> lines = Files.lines(file)) {
            for (Iterator<String> i = lines.iterator(); i.hasNext(); ) {
                String line = i.next();
                number++;
                if (!line.isBlank()) {
                    accept(file, number, line, type, what, consumer);
                }
            }
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw wrong(file, number + 1, what, "it is not UTF-8 text", e);
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    private static <T> void accept(
            Path file, int number, String line, Class<T> type, String what, Consumer<T> consumer) {
        try {
            if (line.length() > MAX_LINE) {
                throw new IllegalArgumentException("it has " + line.length() + " characters");
            }
            consumer.accept(RemovalList.JSON.readValue(line, type));
        } catch (JsonProcessingException e) {
            throw wrong(file, number, what, e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw wrong(file, number, what, e.getMessage(), e);
        }
    }

    private static IllegalArgumentException wrong(
            Path file, int number, String what, @Nullable String reason, Exception e) {
        return new IllegalArgumentException("%s, line %d, is no %s: %s".formatted(file, number, what, reason), e);
    }

    /** Writes one line for each value, whole or not at all; a file that exists is replaced. */
    static void write(Path file, Iterable<?> values) {
        Path temporary = file.resolveSibling(
                file.getFileName() + ".partial-" + ProcessHandle.current().pid());
        try {
            try (BufferedWriter writer = Files.newBufferedWriter(temporary)) {
                for (Object value : values) {
                    writer.write(RemovalList.JSON.writeValueAsString(value));
                    writer.newLine();
                }
            }
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }
}

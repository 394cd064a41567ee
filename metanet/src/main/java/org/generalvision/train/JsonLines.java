package org.generalvision.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

/** A file with one JSON object per line, each with a {@code step}; only ever appended to or cut back. */
final class JsonLines implements AutoCloseable {
    private static final ObjectMapper READER = new ObjectMapper();

    private final Path file;
    private final FileChannel channel;

    /**
     * Opens or creates a file and drops what lies after a step, together with a last line that was not written whole.
     *
     * @param lastStep the last step whose lines stay
     */
    JsonLines(Path file, long lastStep) {
        this.file = file;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel.truncate(lengthUpTo(file, lastStep));
            channel.position(channel.size());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open " + file, e);
        }
    }

    private static long lengthUpTo(Path file, long lastStep) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int kept = 0;
        for (int start = 0, i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                if (step(new String(bytes, start, i - start, StandardCharsets.UTF_8)) > lastStep) {
                    return kept;
                }
                start = i + 1;
                kept = start;
            }
        }
        return kept;
    }

    /** The step of a line, or a huge one if the line is broken, so that it is dropped with all that follows. */
    private static long step(String line) {
        try {
            JsonNode step = READER.readTree(line).get("step");
            return step == null ? Long.MAX_VALUE : step.asLong(Long.MAX_VALUE);
        } catch (JsonProcessingException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Appends a line; {@code step} comes first, the other fields follow by name. */
    void append(long step, Map<String, Double> values) {
        String fields = Json.line(new TreeMap<>(values)).substring(1);
        String line = "{\"step\":" + step + (values.isEmpty() ? "" : ",") + fields + "\n";
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /** Makes what was appended survive a power failure. */
    void sync() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close " + file, e);
        }
    }
}

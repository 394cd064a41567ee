package org.generalvision.data.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The unreadable samples of a source, each with its reason, as JSON lines {@code {"sample":7,"id":"...","reason":"..."}} in a
 * file. Each sample counts once, however often it is met; a resumed run continues the file. When more than the allowed share
 * of the source is unreadable, the run stops. Safe for use by several threads.
 */
public final class Quarantine {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final long sourceSize;
    private final double limit;
    private final SortedMap<Long, Unreadable> unreadable = new TreeMap<>();

    /**
     * Opens a quarantine, and continues the file if it exists.
     *
     * @param file of JSON lines; made with the first unreadable sample
     * @param sourceSize number of samples in the source
     * @param limit share of them, in [0, 1], that may be unreadable
     * @throws IllegalArgumentException if the file is not of this kind
     */
    public Quarantine(Path file, long sourceSize, double limit) {
        if (!(limit >= 0 && limit <= 1)) {
            throw new IllegalArgumentException("quarantine limit must lie in [0, 1]: " + limit);
        }
        this.file = file;
        this.sourceSize = sourceSize;
        this.limit = limit;
        try {
            if (Files.exists(file)) {
                read();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() throws IOException {
        String text = Files.readString(file);
        int complete = text.lastIndexOf('\n') + 1;
        if (complete < text.length()) { // a killed run may have left half a line
            text = text.substring(0, complete);
            Files.writeString(file, text);
        }
        for (String line : text.lines().toList()) {
            try {
                Unreadable entry = JSON.readValue(line, Unreadable.class);
                unreadable.put(entry.sample(), entry);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(
                        "%s is not a quarantine file, remove it: %s".formatted(file, e.getOriginalMessage()), e);
            }
        }
    }

    /**
     * Notes samples that were left out of a batch.
     *
     * @throws IllegalArgumentException if there are now more than the limit allows
     */
    synchronized void add(List<Unreadable> found) {
        StringBuilder lines = new StringBuilder();
        for (Unreadable entry : found) {
            if (unreadable.putIfAbsent(entry.sample(), entry) == null) {
                lines.append(line(entry)).append('\n');
            }
        }
        if (lines.isEmpty()) {
            return;
        }
        append(lines.toString());
        if (unreadable.size() > limit * sourceSize) {
            throw new IllegalArgumentException(
                    "%d of %d samples are unreadable, more than the share %s that quarantineLimit allows; the last: %s (%s). The reasons are in %s: repair the data or raise the limit"
                            .formatted(
                                    unreadable.size(),
                                    sourceSize,
                                    limit,
                                    found.get(found.size() - 1).id(),
                                    found.get(found.size() - 1).reason(),
                                    file));
        }
    }

    private static String line(Unreadable entry) {
        try {
            return JSON.writeValueAsString(entry);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void append(String lines) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.write(
                    file, lines.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All unreadable samples met so far, by index. */
    public synchronized List<Unreadable> entries() {
        return List.copyOf(unreadable.values());
    }

    Path file() {
        return file;
    }
}

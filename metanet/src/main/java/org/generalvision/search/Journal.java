package org.generalvision.search;

import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every trial of one search in its order, as JSON lines. A line is there whole or not at all: what a killed process or a full
 * disk left of one is cut off. Each line is on the disk before the search goes on.
 */
public final class Journal implements AutoCloseable {
    /** Its name in the folder of a search. */
    public static final String FILE = "journal.jsonl";

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final @Nullable Path file;
    private final @Nullable FileChannel channel;
    private final List<Trial> trials;

    private Journal(@Nullable Path file, @Nullable FileChannel channel, List<Trial> trials) {
        this.file = file;
        this.channel = channel;
        this.trials = trials;
    }

    /** A journal that is forgotten, for studies. */
    public static Journal inMemory() {
        return new Journal(null, null, new ArrayList<>());
    }

    /**
     * Opens or creates a journal to go on with it.
     *
     * @throws IllegalArgumentException if a line other than an unfinished last one is no trial, or trials are missing
     */
    public static Journal open(Path file) {
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                byte[] lines = wholeLines(file);
                List<Trial> trials = parse(lines, file);
                channel.truncate(lines.length);
                channel.position(lines.length);
                return onChannel(file, channel, trials);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open the journal " + file + ": " + e.getMessage(), e);
        }
    }

    /** A journal that goes on with these trials on a channel. */
    static Journal onChannel(Path file, FileChannel channel, List<Trial> trials) {
        return new Journal(file, channel, new ArrayList<>(trials));
    }

    /** Reads a journal, also one that is being written. */
    public static List<Trial> read(Path file) {
        try {
            return parse(wholeLines(file), file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the journal " + file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] wholeLines(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return Arrays.copyOf(bytes, Bytes.lastIndexOf(bytes, (byte) '\n') + 1);
    }

    private static List<Trial> parse(byte[] lines, Path file) {
        List<Trial> trials = new ArrayList<>();
        for (String line : new String(lines, StandardCharsets.UTF_8).lines().toList()) {
            String origin = "line %d of %s".formatted(trials.size() + 1, file);
            Trial trial = Json.read(line, Trial.class, origin);
            if (trial.trial() != trials.size()) {
                throw new IllegalArgumentException(
                        "%s is trial %d and should be trial %d: restore the journal, or remove"
                                        .formatted(origin, trial.trial(), trials.size())
                                + " its folder to search anew");
            }
            trials.add(trial);
        }
        return trials;
    }

    /** The trials by number. */
    public List<Trial> trials() {
        return Collections.unmodifiableList(trials);
    }

    /**
     * Adds the next trial.
     *
     * @throws UncheckedIOException if it cannot be written; the journal is then as it was
     */
    void append(Trial trial) {
        if (trial.trial() != trials.size()) {
            throw new IllegalStateException("Trial " + trial.trial() + " does not follow on " + trials.size());
        }
        if (channel != null) {
            write(channel, Json.line(trial) + "\n");
        }
        trials.add(trial);
    }

    private void write(FileChannel channel, String line) {
        long before = -1;
        try {
            before = channel.position();
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            cutBack(channel, before);
            throw new UncheckedIOException(
                    "Cannot write the journal %s: %s; the %d trials in it are unharmed"
                            .formatted(file, e.getMessage(), trials.size()),
                    e);
        }
    }

    private void cutBack(FileChannel channel, long length) {
        try {
            channel.truncate(Math.max(0, length));
        } catch (IOException e) {
            // Opening it again cuts the unfinished line as well.
            LOG.warn("Cannot cut back {}", file, e);
        }
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close " + file, e);
        }
    }
}

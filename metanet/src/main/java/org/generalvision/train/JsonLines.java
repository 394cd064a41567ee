package org.generalvision.train;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file with one JSON object per line, each with a {@code step}; only ever appended to or cut back. */
final class JsonLines implements AutoCloseable {
    private static final Pattern START = Pattern.compile("\\{\"step\":(\\d{1,18})[,}]");
    private static final int HEAD_LENGTH = 32;

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

    /** Bytes of the whole lines up to the last step that stays. Reads as a stream: a long run has gigabytes of lines. */
    private static long lengthUpTo(Path file, long lastStep) throws IOException {
        long kept = 0;
        long position = 0;
        StringBuilder head = new StringBuilder();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                position++;
                if (b != '\n') {
                    if (head.length() < HEAD_LENGTH) {
                        head.append((char) b);
                    }
                } else if (step(head) <= lastStep) {
                    kept = position;
                    head.setLength(0);
                } else {
                    break;
                }
            }
        }
        return kept;
    }

    /** The step of a line, or a huge one if the line is broken, so that it is dropped with all that follows. */
    private static long step(CharSequence line) {
        Matcher matcher = START.matcher(line);
        return matcher.lookingAt() ? Long.parseLong(matcher.group(1)) : Long.MAX_VALUE;
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

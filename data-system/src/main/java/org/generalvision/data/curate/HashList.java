package org.generalvision.data.curate;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.jspecify.annotations.Nullable;

/**
 * Images that must not occur in training data, as hashes in a text file: JSON lines {@code
 * {"set":"s","id":"i","sha256":"...","phash":"..."}}, or CSV lines in that order with or without a header {@code
 * set,id,sha256,phash}. Empty lines are skipped.
 */
public final class HashList {
    private static final String CSV_HEADER = "set,id,sha256,phash";
    private static final int MAX_LINE = 1 << 16;
    private static final HexFormat HEX = HexFormat.of();

    private HashList() {}

    /**
     * Reads a list.
     *
     * @throws IllegalArgumentException if a line is malformed, or there is none
     */
    public static List<KnownImage> read(Path file) {
        List<KnownImage> images = new ArrayList<>();
        try (Stream<String> lines = Files.lines(file)) {
            int number = 0;
            for (Iterator<String> i = lines.iterator(); i.hasNext(); ) {
                String line = i.next().strip();
                number++;
                if (!line.isEmpty() && !(number == 1 && line.equalsIgnoreCase(CSV_HEADER))) {
                    images.add(parse(file, number, line));
                }
            }
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw new IllegalArgumentException(file + " is not UTF-8 text, so it is no hash list", e);
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
        if (images.isEmpty()) {
            throw new IllegalArgumentException(
                    file + " lists no image, so it would let everything pass: make a list with gv data hashes");
        }
        return images;
    }

    private static KnownImage parse(Path file, int number, String line) {
        try {
            if (line.length() > MAX_LINE) {
                throw new IllegalArgumentException("it has " + line.length() + " characters");
            }
            return line.startsWith("{") ? RemovalList.JSON.readValue(line, KnownImage.class) : csv(line);
        } catch (JsonProcessingException e) {
            throw wrong(file, number, e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw wrong(file, number, e.getMessage(), e);
        }
    }

    /** The hashes are the last two fields and the set is the first, so an id may hold commas. */
    private static KnownImage csv(String line) {
        int first = line.indexOf(',');
        int last = line.lastIndexOf(',');
        int middle = line.lastIndexOf(',', last - 1);
        if (first < 0 || middle <= first) {
            throw new IllegalArgumentException("it must have the fields " + CSV_HEADER);
        }
        return new KnownImage(
                line.substring(0, first).strip(),
                unquoted(line.substring(first + 1, middle).strip()),
                line.substring(middle + 1, last).strip(),
                line.substring(last + 1).strip());
    }

    private static String unquoted(String text) {
        return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
                : text;
    }

    private static IllegalArgumentException wrong(Path file, int line, @Nullable String reason, Exception e) {
        return new IllegalArgumentException(
                "%s, line %d, is not a line of a hash list: %s; expected JSON or CSV with set, id, sha256 and phash"
                        .formatted(file, line, reason),
                e);
    }

    /**
     * Writes the hashes of all images of a source that can be read, whole or not at all.
     *
     * @param set name of the set
     * @param progress runs once for each example
     * @return images that could not be read
     */
    public static long write(Path file, String set, ExampleSource source, Runnable progress) {
        Path temporary = file.resolveSibling(
                file.getFileName() + ".partial-" + ProcessHandle.current().pid());
        long[] unreadable = {0};
        try {
            writeTo(temporary, set, source, unreadable, progress);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            return unreadable[0];
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    private static void writeTo(Path file, String set, ExampleSource source, long[] unreadable, Runnable progress)
            throws IOException {
        boolean whole = false;
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            new Scan<>(source, Scan.threads(), () -> new Hasher(set)).run((index, line) -> {
                unreadable[0] += line.isEmpty() ? 1 : 0;
                append(writer, line);
                progress.run();
            });
            whole = true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void append(BufferedWriter writer, String line) {
        try {
            writer.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write a hash list", e);
        }
    }

    private static final class Hasher implements Scan.Worker<String> {
        private final String set;
        private final PerceptualHash perceptual = new PerceptualHash();
        private final MessageDigest digest = Sha256.digest();

        Hasher(String set) {
            this.set = set;
        }

        @Override
        public String apply(Example example) {
            try {
                long phash = perceptual.of(example);
                digest.update(example.image().duplicate());
                KnownImage image =
                        new KnownImage(set, example.id(), HEX.formatHex(digest.digest()), HEX.toHexDigits(phash));
                return RemovalList.JSON.writeValueAsString(image) + "\n";
            } catch (UnreadableSampleException unreadable) {
                return "";
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("Cannot write a line of a hash list", e);
            }
        }

        @Override
        public void close() {
            perceptual.close();
        }
    }
}

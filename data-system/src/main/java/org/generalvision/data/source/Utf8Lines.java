package org.generalvision.data.source;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Lines of a text file in UTF-8, none of them of absurd length. */
final class Utf8Lines implements Closeable {
    /** The longest line, caption or field in characters. */
    static final int MAX_CHARACTERS = 1 << 20;

    private static final int[] BYTE_ORDER_MARK = {0xEF, 0xBB, 0xBF};

    private final Path file;
    private final BufferedReader reader;
    private long number;

    Utf8Lines(Path file) throws IOException {
        this.file = file;
        reader = open(file);
    }

    /**
     * Opens a text file; a byte order mark is passed over. Reading throws a {@link CharacterCodingException} where the bytes
     * are not UTF-8.
     */
    static BufferedReader open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("No file " + file);
        }
        PushbackInputStream input = new PushbackInputStream(Files.newInputStream(file), BYTE_ORDER_MARK.length);
        byte[] mark = input.readNBytes(BYTE_ORDER_MARK.length);
        if (!isMark(mark)) {
            input.unread(mark);
        }
        return new BufferedReader(decoding(input), 1 << 16);
    }

    private static boolean isMark(byte[] bytes) {
        for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
            if (bytes.length <= i || (bytes[i] & 0xFF) != BYTE_ORDER_MARK[i]) {
                return false;
            }
        }
        return true;
    }

    private static Reader decoding(InputStream input) {
        return new InputStreamReader(input, StandardCharsets.UTF_8.newDecoder());
    }

    /**
     * Decodes a text whole.
     *
     * @throws IllegalArgumentException if it is not UTF-8 or has zero characters in it
     */
    static String decode(byte[] text) {
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
            if (decoded.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("text with zero characters in it");
            }
            return decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("text that is not in UTF-8", e);
        }
    }

    /** The refusal of a file whose bytes are no text in UTF-8. */
    static IllegalArgumentException notUtf8(Path file, CharacterCodingException e) {
        return new IllegalArgumentException(file + " is not text in UTF-8: convert it, as with iconv -t UTF-8", e);
    }

    /**
     * The next line, or null at the end.
     *
     * @throws IllegalArgumentException if it is not UTF-8 or longer than {@value #MAX_CHARACTERS} characters
     */
    @Nullable
    String next() throws IOException {
        StringBuilder line = new StringBuilder();
        number++;
        try {
            int character = reader.read();
            if (character < 0) {
                return null;
            }
            while (character >= 0 && character != '\n') {
                line.append((char) character);
                if (line.length() > MAX_CHARACTERS) {
                    throw new IllegalArgumentException(
                            "Line %d of %s is longer than %d characters".formatted(number, file, MAX_CHARACTERS));
                }
                character = reader.read();
            }
        } catch (CharacterCodingException e) {
            throw notUtf8(file, e);
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }

    /** The number of the line that was read last, from 1. */
    long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}

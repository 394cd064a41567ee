package org.generalvision.data.label;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text in UTF-8 from a file that nobody vouches for. */
final class TextFile {
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private TextFile() {}

    /**
     * Reads a whole file.
     *
     * @throws IllegalArgumentException if there is none, or it is not UTF-8
     */
    static String read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("There is no file " + file);
        }
        byte[] bytes = LabelDirectory.read(file);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "%s is not text in UTF-8 (%s); convert it first".formatted(file, encoding(bytes)), e);
        }
    }

    private static String encoding(byte[] bytes) {
        if (bytes.length > 1 && (bytes[0] & bytes[1] & 0xfe) == 0xfe) {
            return "it begins as UTF-16 does";
        }
        return "bytes above 127 are not as UTF-8 has them";
    }

    /** Writes a file whole or not at all. */
    static void write(Path file, String text) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the folder of " + file, e);
        }
        LabelDirectory.replace(file, text.getBytes(StandardCharsets.UTF_8));
    }
}

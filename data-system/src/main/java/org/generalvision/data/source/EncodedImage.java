package org.generalvision.data.source;

import com.google.common.io.ByteStreams;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.example.Fault;

/**
 * An image as it lies in its collection; its pixels are not decoded, only its header is read.
 *
 * @param bytes as stored
 * @param header what they say about themselves
 */
record EncodedImage(ByteBuffer bytes, ImageHeader header) {
    /** The largest file that is taken for an image. */
    static final int MAX_BYTES = 64 << 20;

    private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "webp");

    /** Whether a file's name says that it is an image that is read. */
    static boolean hasName(String path) {
        return EXTENSIONS.contains(extension(path));
    }

    /** Whether an extension, in lower case, is that of an image that is read. */
    static boolean isExtension(String extension) {
        return EXTENSIONS.contains(extension);
    }

    private static String extension(String path) {
        return path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /**
     * Takes bytes for an image.
     *
     * @throws IllegalArgumentException if their header is not that of an image within the limits
     */
    static EncodedImage of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new EncodedImage(buffer, ImageHeader.parse(buffer));
    }

    /**
     * Reads a file; a symbolic link is not followed.
     *
     * @throws IllegalArgumentException if it is missing, no plain file, too large, or its header is not that of an image
     */
    static EncodedImage read(Path file) throws IOException {
        return of(bytes(file));
    }

    private static byte[] bytes(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
            throw there
                    ? new FaultyItemException(Fault.UNREADABLE_IMAGE, "is no plain file; links are not followed")
                    : new FaultyItemException(Fault.MISSING_FILE, "is missing");
        }
        try (InputStream input = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = ByteStreams.limit(input, MAX_BYTES + 1L).readAllBytes();
            if (bytes.length > MAX_BYTES) {
                throw new FaultyItemException(Fault.UNREADABLE_IMAGE, "is larger than %d bytes".formatted(MAX_BYTES));
            }
            return bytes;
        }
    }

    int height() {
        return header.height();
    }

    int width() {
        return header.width();
    }
}

package org.generalvision.weights;

import com.google.common.hash.Hashing;
import com.google.common.hash.HashingOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are either whole or absent: written under a temporary name, synced, renamed, and the folder synced. */
public final class DurableFile {
    private DurableFile() {}

    /** Writes the bytes of a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes or replaces a file; on any failure the former file stays and the temporary one is removed.
     *
     * @return SHA-256 of what was written, in hexadecimal
     * @throws UncheckedIOException naming the file, if it cannot be written
     */
    public static String write(Path target, Content content) {
        Path temporary = target.resolveSibling(target.getFileName() + ".partial");
        try {
            String hash = writeAndSync(temporary, content);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder(temporary.resolveSibling("."));
            return hash;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + target + ": " + e.getMessage(), e);
        } finally {
            deleteQuietly(temporary);
        }
    }

    /** Writes or replaces a small text file. */
    public static String write(Path target, String text) {
        return write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    @SuppressWarnings("UnstableApiUsage") // HashingOutputStream is marked @Beta; it has not changed since Guava 16
    private static String writeAndSync(Path file, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                HashingOutputStream out =
                        new HashingOutputStream(Hashing.sha256(), Channels.newOutputStream(channel))) {
            content.writeTo(out);
            channel.force(true);
            return out.hash().toString();
        }
    }

    /** Makes a rename or a new file in a folder survive a power failure, where the system lets folders be opened. */
    public static void syncFolder(Path folder) throws IOException {
        if (System.getProperty("os.name").startsWith("Windows")) {
            return; // folders cannot be opened there, and a rename is durable
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // What matters has been decided; a left-over temporary file is replaced by the next attempt.
            org.slf4j.LoggerFactory.getLogger(DurableFile.class).warn("Cannot remove {}", file, e);
        }
    }
}

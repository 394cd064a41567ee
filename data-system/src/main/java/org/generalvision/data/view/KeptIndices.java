package org.generalvision.data.view;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * The indices of the examples that meet a view's conditions, in ascending order, in a file that is mapped: whatever their
 * number, they take no heap. The file ends with a checksum; one that does not fit is made again.
 *
 * <p>Layout, big-endian: the letters GVVIEW01 and the number of indices, the indices as 64-bit numbers, SHA-256 of all before.
 */
final class KeptIndices {
    private static final long MAGIC = 0x4756564945573031L; // GVVIEW01
    private static final int HEADER = 2 * Long.BYTES;
    private static final int CHECKSUM = 32;

    /** Indices in one mapping, which ends below 2 GiB. */
    private static final int PAGE = 1 << 27;

    /** Examples that are judged before the next indices are written. */
    private static final int CHUNK = 1 << 16;

    private final long size;
    private final List<LongBuffer> pages;

    private KeptIndices(long size, List<LongBuffer> pages) {
        this.size = size;
        this.pages = pages;
    }

    /** The indices in a file, or those that are kept, which are then written to it. */
    static KeptIndices open(Path file, long numExamples, LongPredicate keeps) {
        try {
            if (!Files.isRegularFile(file) || !isGood(file, numExamples)) {
                write(file, numExamples, keeps);
            }
            return map(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep the indices of a view in " + file, e);
        }
    }

    private static void write(Path file, long numExamples, LongPredicate keeps) throws IOException {
        MoreFiles.createParentDirectories(file);
        Path temporary = Files.createTempFile(file.toAbsolutePath().getParent(), "view", ".partial");
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            channel.position(HEADER);
            long count = 0;
            for (long first = 0; first < numExamples; first += CHUNK) {
                long[] kept = LongStream.range(first, Math.min(numExamples, first + CHUNK))
                        .parallel()
                        .filter(keeps)
                        .toArray();
                ByteBuffer bytes = ByteBuffer.allocate(kept.length * Long.BYTES);
                bytes.asLongBuffer().put(kept);
                writeAll(channel, bytes);
                count += kept.length;
            }
            long end = channel.position();
            channel.position(0);
            writeAll(
                    channel,
                    ByteBuffer.allocate(HEADER).putLong(MAGIC).putLong(count).flip());
            ByteBuffer checksum = ByteBuffer.wrap(checksum(channel, end));
            channel.position(end);
            writeAll(channel, checksum);
            channel.force(true);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static boolean isGood(Path file, long numExamples) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long end = channel.size() - CHECKSUM;
            if (end < HEADER) {
                return false;
            }
            ByteBuffer header = channel.map(FileChannel.MapMode.READ_ONLY, 0, HEADER);
            boolean whole = header.getLong(0) == MAGIC
                    && header.getLong(Long.BYTES) <= numExamples
                    && end == HEADER + header.getLong(Long.BYTES) * Long.BYTES;
            ByteBuffer stated = channel.map(FileChannel.MapMode.READ_ONLY, end, CHECKSUM);
            return whole && stated.equals(ByteBuffer.wrap(checksum(channel, end)));
        }
    }

    private static byte[] checksum(FileChannel channel, long end) throws IOException {
        Hasher hasher = Hashing.sha256().newHasher();
        for (long at = 0; at < end; at += 1 << 30) {
            hasher.putBytes(channel.map(FileChannel.MapMode.READ_ONLY, at, Math.min(1 << 30, end - at)));
        }
        return hasher.hash().asBytes();
    }

    private static KeptIndices map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = (channel.size() - HEADER - CHECKSUM) / Long.BYTES;
            List<LongBuffer> pages = new ArrayList<>();
            for (long first = 0; first < size; first += PAGE) {
                pages.add(channel.map(
                                FileChannel.MapMode.READ_ONLY,
                                HEADER + first * Long.BYTES,
                                Math.min(PAGE, size - first) * Long.BYTES)
                        .asLongBuffer());
            }
            return new KeptIndices(size, pages);
        }
    }

    long size() {
        return size;
    }

    /** The index at a place, from 0 to size - 1. */
    long at(long place) {
        return pages.get((int) (place / PAGE)).get((int) (place % PAGE));
    }
}

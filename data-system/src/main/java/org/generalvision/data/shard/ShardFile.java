package org.generalvision.data.shard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;

/** One shard being written; its checksums are taken from the bytes on their way to the disk. */
final class ShardFile implements AutoCloseable {
    private final String name;
    private final HashingChannel channel;
    private final ArrowFileWriter writer;
    private final String head;
    private final List<ShardIndex.Batch> batches = new ArrayList<>();
    /** The writer looks into it when it writes the footer. */
    private final Map<String, String> footer = new HashMap<>();

    private long rows;

    ShardFile(Path directory, String name, VectorSchemaRoot root) throws IOException {
        this.name = name;
        channel = new HashingChannel(
                FileChannel.open(directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        writer = new ArrowFileWriter(root, null, channel, footer);
        writer.start();
        head = channel.endPart();
    }

    /** Writes the rows that the root holds now as one record batch. */
    void writeBatch(int batchRows) throws IOException {
        writer.writeBatch();
        batches.add(new ShardIndex.Batch(batchRows, channel.endPart()));
        rows += batchRows;
    }

    long bytes() {
        return channel.bytes;
    }

    /** Writes the footer, syncs and closes. */
    Manifest.Shard finish() throws IOException {
        long before = channel.bytes;
        new ShardIndex(head, batches).writeTo(footer);
        writer.end();
        channel.file.force(true);
        writer.close();
        Manifest.Footer end = new Manifest.Footer(channel.bytes - before, channel.endPart());
        return new Manifest.Shard(name, rows, channel.bytes, hex(channel.whole), end);
    }

    @Override
    public void close() throws IOException {
        // Not the writer's close: that would add a footer and make an abandoned shard look whole.
        channel.close();
    }

    private static final class HashingChannel implements WritableByteChannel {
        private final FileChannel file;
        private final MessageDigest whole = sha256();
        private final MessageDigest part = sha256();
        private long bytes;

        HashingChannel(FileChannel file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int length = source.remaining();
            whole.update(source.duplicate());
            part.update(source.duplicate());
            while (source.hasRemaining()) {
                file.write(source);
            }
            bytes += length;
            return length;
        }

        /** Checksum of what was written since the last call. */
        String endPart() {
            return hex(part);
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /**
     * Compares bytes with their checksum.
     *
     * @param what the bytes are
     * @param who knows the checksum
     * @throws IllegalArgumentException if they differ
     */
    static void requireSha256(ByteBuffer bytes, String expected, String what, String who) {
        MessageDigest digest = sha256();
        digest.update(bytes.duplicate());
        String found = hex(digest);
        if (!found.equals(expected)) {
            throw new IllegalArgumentException(
                    "%s has SHA-256 %s, the %s says %s".formatted(what, found, who, expected));
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}

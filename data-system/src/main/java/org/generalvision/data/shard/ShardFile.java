package org.generalvision.data.shard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;

/** One shard being written; its checksum is taken from the bytes on their way to the disk. */
final class ShardFile implements AutoCloseable {
    private final String name;
    private final HashingChannel channel;
    private final ArrowFileWriter writer;
    private long rows;

    ShardFile(Path directory, String name, VectorSchemaRoot root) throws IOException {
        this.name = name;
        channel = new HashingChannel(
                FileChannel.open(directory.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        writer = new ArrowFileWriter(root, null, channel);
        writer.start();
    }

    /** Writes the rows that the root holds now as one record batch. */
    void writeBatch(int batchRows) throws IOException {
        writer.writeBatch();
        rows += batchRows;
    }

    long bytes() {
        return channel.bytes;
    }

    /** Writes the footer, syncs and closes. */
    Manifest.Shard finish() throws IOException {
        writer.end();
        channel.file.force(true);
        writer.close();
        return new Manifest.Shard(name, rows, channel.bytes, HexFormat.of().formatHex(channel.digest.digest()));
    }

    @Override
    public void close() throws IOException {
        // Not the writer's close: that would add a footer and make an abandoned shard look whole.
        channel.close();
    }

    private static final class HashingChannel implements WritableByteChannel {
        private final FileChannel file;
        private final MessageDigest digest = sha256();
        private long bytes;

        HashingChannel(FileChannel file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int length = source.remaining();
            digest.update(source.duplicate());
            while (source.hasRemaining()) {
                file.write(source);
            }
            bytes += length;
            return length;
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

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}

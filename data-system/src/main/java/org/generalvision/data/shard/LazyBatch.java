package org.generalvision.data.shard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A record batch of a mapped shard, which is compared with its checksum and laid out when it is touched. Safe for several
 * threads.
 */
final class LazyBatch implements AutoCloseable {
    private final ByteBuffer bytes;
    private final int metadataBytes;
    private final ShardIndex.@Nullable Batch entry;

    private volatile @Nullable MappedBatch loaded;

    private LazyBatch(ByteBuffer bytes, int metadataBytes, ShardIndex.@Nullable Batch entry) {
        this.bytes = bytes;
        this.metadataBytes = metadataBytes;
        this.entry = entry;
    }

    /**
     * A batch that nobody has touched.
     *
     * @param shard mapped memory
     * @param block where the batch lies
     * @param entry its rows and its checksum, or null if the whole file was compared with its own
     */
    static LazyBatch of(ByteBuffer shard, ArrowBlock block, ShardIndex.@Nullable Batch entry) {
        int length = Math.toIntExact(block.getMetadataLength() + block.getBodyLength());
        return new LazyBatch(shard.slice(Math.toIntExact(block.getOffset()), length), block.getMetadataLength(), entry);
    }

    /**
     * The batch.
     *
     * @throws IllegalArgumentException if it differs from its checksum
     * @throws IOException or an unchecked exception if it is malformed
     */
    MappedBatch load(Schema schema, BufferAllocator allocator) throws IOException {
        MappedBatch batch = loaded;
        return batch == null ? loadFirst(schema, allocator) : batch;
    }

    private synchronized MappedBatch loadFirst(Schema schema, BufferAllocator allocator) throws IOException {
        MappedBatch batch = loaded;
        if (batch == null) {
            if (entry != null) {
                ShardFile.requireSha256(bytes, entry.sha256(), "a record batch", "footer");
            }
            batch = MappedBatch.load(
                    schema,
                    new MappedBatch.Bytes(
                            bytes.slice(0, metadataBytes).order(ByteOrder.LITTLE_ENDIAN),
                            bytes.slice(metadataBytes, bytes.capacity() - metadataBytes)),
                    allocator);
            if (entry != null && batch.rows() != entry.rows()) {
                int rows = batch.rows();
                batch.close();
                throw new IllegalArgumentException(
                        "a record batch has %d rows, the footer says %d".formatted(rows, entry.rows()));
            }
            loaded = batch;
        }
        return batch;
    }

    @Override
    public synchronized void close() {
        MappedBatch batch = loaded;
        loaded = null;
        if (batch != null) {
            batch.close();
        }
    }
}

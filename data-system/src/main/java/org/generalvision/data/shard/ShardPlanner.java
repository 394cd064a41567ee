package org.generalvision.data.shard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.generalvision.data.example.Example;

/**
 * Says which examples {@link ShardWriter} would put into which shard, from their shapes alone, so that several processes can write the
 * shards of one directory and yield the bytes of one process. Shapes come in the order of the examples.
 */
public final class ShardPlanner {
    private final long shardBytes;
    private final BatchBound bound;
    private final long headBytes;
    /** What a record batch takes beside its buffers; the same for all of them. */
    private final long batchHeadBytes;

    private RecordShape batch = new RecordShape();
    private long examples;
    private int shards;
    private long shardRows;
    private long bytes;

    /**
     * A plan without shards.
     *
     * @param shardBytes target size of a shard
     */
    public ShardPlanner(long shardBytes) {
        ShardWriter.requireTarget(shardBytes);
        this.shardBytes = shardBytes;
        bound = new BatchBound(shardBytes);
        Example example = Example.builder("id", ByteBuffer.allocate(1), "source", "licence")
                .build();
        long[] written = writtenBytes(example);
        headBytes = written[0];
        batchHeadBytes = written[1] - written[0] - RecordShape.of(example).bodyBytes();
        bytes = headBytes;
    }

    /** Bytes before the first batch, and with it. */
    private static long[] writtenBytes(Example example) {
        Counter counter = new Counter();
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(ExampleSchema.CURRENT, allocator);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, counter)) {
            writer.start();
            long head = counter.bytes;
            new ExampleColumns(root).write(0, example);
            root.setRowCount(1);
            writer.writeBatch();
            return new long[] {head, counter.bytes};
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to memory", e);
        }
    }

    /**
     * Takes the next example.
     *
     * @return the shards that end before it or with it, mostly none
     * @throws IllegalArgumentException if it is larger than {@value ShardWriter#MAX_EXAMPLE_BYTES} bytes
     */
    public List<ShardSpan> add(RecordShape shape) {
        ShardWriter.requireExample(shape.size(), "number " + examples);
        List<ShardSpan> ended = new ArrayList<>(0);
        if (bound.endsBefore(shape.size())) {
            endBatch(ended);
        }
        bound.add(shape.size());
        batch.add(shape);
        examples++;
        shardRows++;
        if (bound.isFull()) {
            endBatch(ended);
        }
        return ended;
    }

    /** The last shard, if any examples are left for one. */
    public List<ShardSpan> finish() {
        List<ShardSpan> ended = new ArrayList<>(0);
        if (bound.rows() > 0) {
            endBatch(ended);
        }
        if (shardRows > 0) {
            endShard(ended);
        }
        return ended;
    }

    /** Whether the next example begins a shard. */
    public boolean isBetween() {
        return shardRows == 0;
    }

    private void endBatch(List<ShardSpan> ended) {
        bytes += batchHeadBytes + batch.bodyBytes();
        batch = new RecordShape();
        bound.clear();
        if (bytes >= shardBytes) {
            endShard(ended);
        }
    }

    private void endShard(List<ShardSpan> ended) {
        ended.add(new ShardSpan(shards++, examples - shardRows, shardRows, bytes));
        shardRows = 0;
        bytes = headBytes;
    }

    private static final class Counter implements WritableByteChannel {
        private long bytes;

        @Override
        public int write(ByteBuffer source) {
            int length = source.remaining();
            source.position(source.limit());
            bytes += length;
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}

package org.generalvision.data.shard;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.ValueVectorUtility;

/** One record batch of a mapped shard. */
record MappedBatch(VectorSchemaRoot root, ExampleColumns columns) implements AutoCloseable {

    /**
     * Where a record batch lies.
     *
     * @param metadata continuation marker, length and flat-buffer message, little-endian
     * @param body the columns' buffers
     */
    record Bytes(ByteBuffer metadata, ByteBuffer body) {}

    private static final int CONTINUATION = -1;
    private static final int PREFIX = 8;

    int rows() {
        return root.getRowCount();
    }

    /** Lays vectors over a record batch, and checks that all their offsets stay inside. */
    static MappedBatch load(Schema schema, Bytes bytes, BufferAllocator allocator) throws IOException {
        RecordBatch header = header(bytes.metadata());
        checkLengths(header, bytes.body().capacity());
        VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
        boolean whole = false;
        ArrowBuf body = allocator.wrapForeignAllocation(new View(bytes.body()));
        try {
            body.getReferenceManager().retain();
            try (ArrowRecordBatch batch = MessageSerializer.deserializeRecordBatch(header, body)) {
                new VectorLoader(root).load(batch);
            }
            ValueVectorUtility.validateFull(root);
            whole = true;
        } finally {
            body.getReferenceManager().release();
            if (!whole) {
                root.close();
                // Arrow forgets its references when it stops half-way through a malformed batch.
                while (body.refCnt() > 0) {
                    body.getReferenceManager().release();
                }
            }
        }
        return new MappedBatch(root, new ExampleColumns(root));
    }

    private static RecordBatch header(ByteBuffer metadata) {
        if (metadata.getInt(0) != CONTINUATION) {
            throw new IllegalArgumentException("a record batch does not begin with the continuation marker");
        }
        int length = metadata.getInt(Integer.BYTES);
        Message message =
                Message.getRootAsMessage(metadata.slice(PREFIX, length).order(metadata.order()));
        if (message.headerType() != MessageHeader.RecordBatch) {
            throw new IllegalArgumentException("a block holds message " + message.headerType() + ", no record batch");
        }
        if (message.header(new RecordBatch()) instanceof RecordBatch batch && batch.compression() == null) {
            return batch;
        }
        throw new IllegalArgumentException("a record batch is compressed, which a mapping cannot read");
    }

    /** Arrow allocates by these lengths before it looks at the bytes, so none may exceed one bit per value. */
    private static void checkLengths(RecordBatch batch, long bodyBytes) {
        checkLength(batch.length(), bodyBytes);
        for (int i = 0; i < batch.nodesLength(); i++) {
            checkLength(batch.nodes(i).length(), bodyBytes);
        }
    }

    private static void checkLength(long length, long bodyBytes) {
        if (length < 0 || length > bodyBytes * Byte.SIZE) {
            throw new IllegalArgumentException(
                    "a record batch of %d bytes claims %d values".formatted(bodyBytes, length));
        }
    }

    @Override
    public void close() {
        root.close();
    }

    /** Memory that Arrow reads and never frees; the mapping goes when nobody refers to it. */
    private static final class View extends ForeignAllocation {
        View(ByteBuffer memory) {
            super(memory.capacity(), MemoryUtil.getByteBufferAddress(memory));
        }

        @Override
        protected void release0() {}
    }
}

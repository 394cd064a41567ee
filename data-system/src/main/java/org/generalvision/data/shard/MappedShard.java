package org.generalvision.data.shard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.types.pojo.Schema;
import org.generalvision.data.example.Example;

/**
 * One shard in mapped memory: its record batches as Arrow vectors over the mapping itself, so that opening copies nothing
 * and reading copies everything but the images. A record batch is compared with its checksum when it is touched first; of a
 * shard whose footer has no checksums (schema 1 and 2) the whole file is, when it is opened. Safe for several threads.
 */
final class MappedShard implements AutoCloseable {
    private final Path file;
    private final Manifest.Shard entry;
    private final MappedByteBuffer mapped;
    private final BufferAllocator allocator = new RootAllocator();
    private final List<LazyBatch> batches = new ArrayList<>();
    private Schema schema = ExampleSchema.CURRENT;
    /** Row at which each batch begins, and one past the last row. */
    private int[] starts = {0};

    private final Runnable closed;

    private MappedShard(Path file, Manifest.Shard entry, MappedByteBuffer mapped, Runnable closed) {
        this.file = file;
        this.entry = entry;
        this.mapped = mapped;
        this.closed = closed;
    }

    /**
     * Maps a shard and compares what it reads of it with the manifest.
     *
     * @param closed is run when the shard is closed
     * @throws DamagedShardException if the file is missing, differs from the manifest or is not a shard
     */
    static MappedShard open(Path file, Manifest.Shard entry, Runnable closed) {
        if (!Files.isRegularFile(file)) {
            throw new DamagedShardException(file, "is missing", null);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != entry.bytes()) {
                throw new DamagedShardException(
                        file, "has %d bytes, the manifest says %d".formatted(channel.size(), entry.bytes()), null);
            }
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            MappedShard shard = new MappedShard(file, entry, mapped, closed);
            boolean whole = false;
            try {
                shard.load(channel);
                whole = true;
                return shard;
            } finally {
                if (!whole) {
                    shard.free();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read shard " + file, e);
        }
    }

    private void load(FileChannel channel) {
        Manifest.Footer footer = entry.footer();
        if (footer == null) {
            requireWhole();
        } else {
            int begin = Math.toIntExact(entry.bytes() - footer.bytes());
            ByteBuffer end = mapped.slice(begin, Math.toIntExact(footer.bytes()));
            sound(() -> ShardFile.requireSha256(end, footer.sha256(), "its footer", "manifest"));
        }
        wellFormed(() -> {
            loadFooter(channel);
            return this;
        });
    }

    /**
     * Compares the whole file with its checksum, and lays out all record batches.
     *
     * @throws DamagedShardException if the file differs from the manifest or is malformed
     */
    void verify() {
        if (entry.footer() != null) {
            requireWhole();
        }
        for (LazyBatch batch : batches) {
            load(batch);
        }
    }

    private void requireWhole() {
        sound(() -> ShardFile.requireSha256(mapped, entry.sha256(), "it", "manifest"));
    }

    private void sound(Runnable comparison) {
        try {
            comparison.run();
        } catch (IllegalArgumentException e) {
            throw new DamagedShardException(file, "is damaged: " + e.getMessage(), e);
        }
    }

    /** A step of reading the structure of a shard. */
    private interface Reading<T> {
        T read() throws IOException;
    }

    /**
     * A fault that is found here under a checksum that holds was made by whoever wrote the checksum too. The catch is wide on
     * purpose: Arrow's reader and its flat buffers answer malformed bytes with a dozen unrelated unchecked exceptions.
     */
    private <T> T wellFormed(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException | RuntimeException e) {
            throw new DamagedShardException(file, "is not a whole Arrow file of examples (" + e.getMessage() + ")", e);
        }
    }

    private void loadFooter(FileChannel channel) throws IOException {
        List<ArrowBlock> blocks;
        ShardIndex index = null;
        // Closes no channel: the caller's try does.
        ArrowFileReader reader = new ArrowFileReader(channel.position(0), allocator);
        try {
            schema = reader.getVectorSchemaRoot().getSchema();
            ExampleSchema.require(schema);
            blocks = reader.getRecordBlocks();
            if (entry.footer() != null) {
                index = ShardIndex.readFrom(reader.getMetaData());
                requireNoGaps(blocks, index, entry.bytes() - entry.footer().bytes());
            }
        } finally {
            reader.close(false);
        }
        starts = new int[blocks.size() + 1];
        long total = 0;
        for (int i = 0; i < blocks.size(); i++) {
            LazyBatch batch = LazyBatch.of(
                    mapped,
                    blocks.get(i),
                    index == null ? null : index.batches().get(i));
            batches.add(batch);
            total += index == null
                    ? batch.load(schema, allocator).rows()
                    : index.batches().get(i).rows();
            starts[i + 1] = (int) Math.min(total, Integer.MAX_VALUE);
        }
        if (total != entry.rows()) {
            throw new IllegalArgumentException("it has %d rows, the manifest says %d".formatted(total, entry.rows()));
        }
    }

    /** Compares the head, and sees to it that every other byte belongs to a record batch or to the footer. */
    private void requireNoGaps(List<ArrowBlock> blocks, ShardIndex index, long footerBegin) {
        if (blocks.size() != index.batches().size()) {
            throw new IllegalArgumentException("it has %d record batches and checksums of %d"
                    .formatted(blocks.size(), index.batches().size()));
        }
        long headEnd = blocks.isEmpty() ? footerBegin : blocks.get(0).getOffset();
        long end = headEnd;
        for (ArrowBlock block : blocks) {
            if (block.getOffset() != end) {
                throw new IllegalArgumentException(
                        "a record batch begins at %d, the one before ends at %d".formatted(block.getOffset(), end));
            }
            end += block.getMetadataLength() + block.getBodyLength();
        }
        if (end != footerBegin) {
            throw new IllegalArgumentException(
                    "its record batches end at %d, its footer begins at %d".formatted(end, footerBegin));
        }
        ShardFile.requireSha256(mapped.slice(0, Math.toIntExact(headEnd)), index.head(), "its head", "footer");
    }

    private MappedBatch load(LazyBatch batch) {
        return wellFormed(() -> batch.load(schema, allocator));
    }

    /**
     * The example in a row, from 0 to the manifest's rows - 1; its buffers are views of the mapping.
     *
     * @throws DamagedShardException if its record batch differs from its checksum or is malformed
     */
    Example get(int row) {
        int found = Arrays.binarySearch(starts, row);
        int index = found >= 0 ? found : -found - 2;
        MappedBatch batch = load(batches.get(index));
        try {
            return batch.columns().read(row - starts[index], this::slice);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException e) {
            throw new DamagedShardException(file, "has a malformed row %d (%s)".formatted(row, e), e);
        }
    }

    /** A view of the mapping, not of Arrow's buffer: it keeps the mapping alive for as long as anybody holds it. */
    private ByteBuffer slice(VarBinaryVector column, int row) {
        if (column.isNull(row)) {
            throw new IllegalArgumentException("column " + column.getName() + " must not be null");
        }
        long start = column.getDataBuffer().memoryAddress()
                - MemoryUtil.getByteBufferAddress(mapped)
                + column.getStartOffset(row);
        return mapped.slice(Math.toIntExact(start), column.getValueLength(row));
    }

    private void free() {
        batches.forEach(LazyBatch::close);
        allocator.close();
    }

    @Override
    public void close() {
        free();
        closed.run();
    }
}

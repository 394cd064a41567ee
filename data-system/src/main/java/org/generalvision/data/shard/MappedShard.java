package org.generalvision.data.shard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.types.pojo.Schema;
import org.generalvision.data.example.Example;
import org.jspecify.annotations.Nullable;

/**
 * One shard in mapped memory: its record batches as Arrow vectors over the mapping itself, so that opening copies nothing
 * and reading copies everything but the images. Immutable once open, hence safe for several threads.
 */
final class MappedShard implements AutoCloseable {
    private final String name;
    private final MappedByteBuffer mapped;
    private final BufferAllocator allocator = new RootAllocator();
    private final List<MappedBatch> batches = new ArrayList<>();
    /** Row at which each batch begins, and one past the last row. */
    private int[] starts = {0};

    private MappedShard(String name, MappedByteBuffer mapped) {
        this.name = name;
        this.mapped = mapped;
    }

    /**
     * Maps a shard and compares it with its entry in the manifest, checksum included.
     *
     * @throws IllegalArgumentException if the file is missing, differs from the manifest or is not a shard
     */
    static MappedShard open(Path directory, Manifest.Shard entry) {
        Path file = directory.resolve(entry.file());
        if (!Files.isRegularFile(file)) {
            throw wrong(file, "is missing", null);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != entry.bytes()) {
                throw wrong(file, "has %d bytes, the manifest says %d".formatted(channel.size(), entry.bytes()), null);
            }
            MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            MessageDigest digest = ShardFile.sha256();
            digest.update(mapped.duplicate());
            String sha256 = HexFormat.of().formatHex(digest.digest());
            if (!sha256.equals(entry.sha256())) {
                throw wrong(file, "has SHA-256 %s, the manifest says %s".formatted(sha256, entry.sha256()), null);
            }
            return load(file, channel, mapped, entry.rows());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read shard " + file, e);
        }
    }

    /**
     * The checksum holds, so a fault found here was made by whoever wrote the manifest too. The catch is wide on purpose:
     * Arrow's reader and its flat buffers answer malformed bytes with a dozen unrelated unchecked exceptions.
     */
    private static MappedShard load(Path file, FileChannel channel, MappedByteBuffer mapped, long rows) {
        MappedShard shard = new MappedShard(file.toString(), mapped);
        boolean whole = false;
        try {
            shard.loadBatches(channel, rows);
            whole = true;
            return shard;
        } catch (IOException | RuntimeException e) {
            throw wrong(file, "is not a whole Arrow file of examples (" + e + ")", e);
        } finally {
            if (!whole) {
                shard.close();
            }
        }
    }

    private void loadBatches(FileChannel channel, long rows) throws IOException {
        Schema schema;
        List<ArrowBlock> blocks;
        // Closes no channel: the caller's try does.
        ArrowFileReader reader = new ArrowFileReader(channel.position(0), allocator);
        try {
            schema = reader.getVectorSchemaRoot().getSchema();
            ExampleSchema.require(schema);
            blocks = reader.getRecordBlocks();
        } finally {
            reader.close(false);
        }
        starts = new int[blocks.size() + 1];
        long total = 0;
        for (int i = 0; i < blocks.size(); i++) {
            MappedBatch batch = MappedBatch.load(schema, bytes(blocks.get(i)), allocator);
            batches.add(batch);
            total += batch.rows();
            starts[i + 1] = (int) Math.min(total, Integer.MAX_VALUE);
        }
        if (total != rows) {
            throw new IllegalArgumentException("it has %d rows, the manifest says %d".formatted(total, rows));
        }
    }

    private MappedBatch.Bytes bytes(ArrowBlock block) {
        int offset = Math.toIntExact(block.getOffset());
        int body = Math.toIntExact(block.getOffset() + block.getMetadataLength());
        return new MappedBatch.Bytes(
                mapped.slice(offset, block.getMetadataLength()).order(ByteOrder.LITTLE_ENDIAN),
                mapped.slice(body, Math.toIntExact(block.getBodyLength())));
    }

    /** The example in a row, from 0 to the manifest's rows - 1; its buffers are views of the mapping. */
    Example get(int row) {
        int found = Arrays.binarySearch(starts, row);
        int index = found >= 0 ? found : -found - 2;
        try {
            return batches.get(index).columns().read(row - starts[index], this::slice);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException e) {
            throw new IllegalArgumentException(
                    "Row %d of shard %s is malformed: %s; build the directory again".formatted(row, name, e), e);
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

    @Override
    public void close() {
        batches.forEach(MappedBatch::close);
        allocator.close();
    }

    private static IllegalArgumentException wrong(Path file, String what, @Nullable Exception e) {
        return new IllegalArgumentException(
                "Shard " + file + " " + what + "; copy it again from a good copy, or build the directory again", e);
    }
}

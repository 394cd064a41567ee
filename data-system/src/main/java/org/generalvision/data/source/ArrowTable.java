package org.generalvision.data.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.dataset.file.FileFormat;
import org.apache.arrow.dataset.file.FileSystemDatasetFactory;
import org.apache.arrow.dataset.jni.NativeMemoryPool;
import org.apache.arrow.dataset.scanner.ScanOptions;
import org.apache.arrow.dataset.scanner.Scanner;
import org.apache.arrow.dataset.source.Dataset;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * One file of a columnar table, batch by batch: Arrow's IPC file or stream (its first bytes tell), or Parquet, which Arrow's
 * native library reads; the library is loaded when the first Parquet file is opened.
 */
final class ArrowTable implements Closeable {
    private static final byte[] FILE_MAGIC = {'A', 'R', 'R', 'O', 'W', '1'};

    /** A batch is in memory as a whole, as its writer has made it. */
    private static final long MAX_BATCH_BYTES = 1L << 30;

    private static final int PARQUET_BATCH_ROWS = 64;

    private final Path file;
    private final BufferAllocator allocator = new RootAllocator(MAX_BATCH_BYTES);
    private final List<AutoCloseable> opened;
    private final ArrowReader reader;

    /** The formats. */
    enum Format {
        ARROW,
        PARQUET
    }

    private ArrowTable(Path file, Opener opener) throws IOException {
        this.file = file;
        opened = new ArrayList<>();
        try {
            reader = opener.open(allocator, opened);
        } catch (RuntimeException | OutOfMemoryError e) {
            close();
            throw broken(file, e);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private interface Opener {
        /** Opens a reader; what is to be closed after it is put in front of the list. */
        ArrowReader open(BufferAllocator allocator, List<AutoCloseable> resources) throws IOException;
    }

    /**
     * Opens a file.
     *
     * @throws IllegalArgumentException if it is not of the format
     */
    static ArrowTable open(Path file, Format format) throws IOException {
        return format == Format.PARQUET
                ? new ArrowTable(file, (allocator, resources) -> parquet(file, allocator, resources))
                : new ArrowTable(file, (allocator, resources) -> ipc(file, allocator, resources));
    }

    private static ArrowReader ipc(Path file, BufferAllocator allocator, List<AutoCloseable> resources)
            throws IOException {
        FileChannel channel = FileChannel.open(file);
        resources.add(0, channel);
        boolean random;
        try (InputStream input = Files.newInputStream(file)) {
            random = Arrays.equals(input.readNBytes(FILE_MAGIC.length), FILE_MAGIC);
        }
        ArrowReader reader = random
                ? new ArrowFileReader(channel, allocator, CommonsCompressionFactory.INSTANCE)
                : new ArrowStreamReader(channel, allocator, CommonsCompressionFactory.INSTANCE);
        resources.add(0, reader);
        return reader;
    }

    private static ArrowReader parquet(Path file, BufferAllocator allocator, List<AutoCloseable> resources) {
        FileSystemDatasetFactory factory = new FileSystemDatasetFactory(
                allocator,
                NativeMemoryPool.getDefault(),
                FileFormat.PARQUET,
                file.toAbsolutePath().toUri().toString());
        resources.add(0, factory);
        Dataset dataset = factory.finish();
        resources.add(0, dataset);
        Scanner scanner = dataset.newScan(new ScanOptions.Builder(PARQUET_BATCH_ROWS)
                .columns(Optional.empty())
                .build());
        resources.add(0, scanner);
        ArrowReader reader = scanner.scanBatches();
        resources.add(0, reader);
        return reader;
    }

    /** The batch in sight; the same object for all of them. */
    VectorSchemaRoot batch() {
        try {
            return reader.getVectorSchemaRoot();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw broken(file, e);
        }
    }

    /** The value of a key in the metadata of the schema, or empty. */
    String metadata(String key) {
        return Optional.ofNullable(batch().getSchema().getCustomMetadata())
                .map(metadata -> metadata.get(key))
                .orElse("");
    }

    /** Names of the columns. */
    List<String> columns() {
        return batch().getSchema().getFields().stream().map(Field::getName).toList();
    }

    /** Goes on to the next batch, if there is one. */
    boolean next() {
        try {
            return reader.loadNextBatch();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            throw broken(file, e);
        }
    }

    /**
     * Arrow answers what it does not expect with whatever happens to fail, and lays out buffers as large as the file says;
     * one such buffer fails as a whole.
     */
    static IllegalArgumentException broken(Path file, Throwable e) {
        return new IllegalArgumentException("%s cannot be read as a table: %s; get it again".formatted(file, e), e);
    }

    @Override
    public void close() {
        try {
            AutoCloseables.close(opened);
        } catch (Exception e) {
            throw new IllegalStateException("Cannot close " + file, e);
        } finally {
            // Where Arrow fails to read a schema or batch, it loses the buffers that it had begun to fill.
            if (allocator.getAllocatedMemory() == 0) {
                allocator.close();
            }
        }
    }
}

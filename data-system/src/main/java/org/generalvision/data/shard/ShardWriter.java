package org.generalvision.data.shard;

import com.google.common.collect.Iterables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Mask;
import org.jspecify.annotations.Nullable;

/**
 * Writes examples into the shards of one directory, in order. The same examples and target size give the same bytes. The
 * manifest is written by {@link #finish}; closing without it leaves a directory that no reader takes for whole.
 */
public final class ShardWriter implements AutoCloseable {
    public static final long DEFAULT_SHARD_BYTES = 256L << 20;

    /** A shard is mapped in one piece, which ends below 2 GiB; the rest is room for the last batch and the footer. */
    public static final long MAX_SHARD_BYTES = 1L << 30;

    /** The largest example, so that one more batch always fits below 2 GiB. */
    public static final long MAX_EXAMPLE_BYTES = 512L << 20;

    private final Path directory;
    private final long shardBytes;
    private final int firstNumber;
    private final BatchBound bound;
    private final BufferAllocator allocator = new RootAllocator();
    private final VectorSchemaRoot root = VectorSchemaRoot.create(ExampleSchema.CURRENT, allocator);
    private final ExampleColumns columns = new ExampleColumns(root);
    private final List<Manifest.Shard> shards = new ArrayList<>();
    private final ExampleCounts counts = new ExampleCounts();
    private @Nullable ShardFile shard;
    private boolean finished;

    private ShardWriter(Path directory, long shardBytes, int firstNumber, List<Manifest.Shard> finished) {
        this.directory = directory;
        this.shardBytes = shardBytes;
        this.firstNumber = firstNumber;
        bound = new BatchBound(shardBytes);
        shards.addAll(finished);
    }

    /**
     * Starts writing.
     *
     * @param directory is created; if it exists it must be empty
     * @param shardBytes size at which a shard is closed and the next begun, in 1..{@value #MAX_SHARD_BYTES}
     */
    public static ShardWriter create(Path directory, long shardBytes) {
        requireTarget(shardBytes);
        try {
            Files.createDirectories(directory);
            try (Stream<Path> entries = Files.list(directory)) {
                if (entries.findAny().isPresent()) {
                    throw new IllegalArgumentException(
                            directory + " is not empty: shards are written into a new directory, name another one");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create " + directory, e);
        }
        return new ShardWriter(directory, shardBytes, 0, List.of());
    }

    /**
     * Goes on with a directory whose first shards are finished, and as another writer with the same target left them. The
     * examples in them are to be named to {@link #skip} before others are added.
     *
     * @param finished the first shards; other files of such names must not exist
     */
    public static ShardWriter resume(Path directory, long shardBytes, List<Manifest.Shard> finished) {
        requireTarget(shardBytes);
        return new ShardWriter(directory, shardBytes, 0, finished);
    }

    /**
     * Writes one shard of a directory that {@link ShardPlanner} has planned, ended by {@link #finishOne}.
     *
     * @param directory that holds no file of its name
     * @param number of the shard
     */
    public static ShardWriter one(Path directory, long shardBytes, int number) {
        requireTarget(shardBytes);
        return new ShardWriter(directory, shardBytes, number, List.of());
    }

    /** The name of a shard by its number, from 0. */
    public static String fileName(int number) {
        return "%05d.arrow".formatted(number);
    }

    /**
     * Refuses a target size that cannot be.
     *
     * @throws IllegalArgumentException if it does not lie in 1..{@value #MAX_SHARD_BYTES}
     */
    public static void requireTarget(long shardBytes) {
        if (shardBytes < 1 || shardBytes > MAX_SHARD_BYTES) {
            throw new IllegalArgumentException(
                    "The target size of a shard must lie in 1.." + MAX_SHARD_BYTES + " bytes: " + shardBytes);
        }
    }

    /** The shards that are on the disk to their end. */
    public List<Manifest.Shard> finished() {
        return List.copyOf(shards);
    }

    /** Counts an example that stands in a finished shard already. */
    public void skip(Example example) {
        counts.add(example);
    }

    /**
     * Appends one example.
     *
     * @throws IllegalArgumentException if it is larger than {@value #MAX_EXAMPLE_BYTES} bytes
     */
    public void add(Example example) {
        if (finished) {
            throw new IllegalStateException("The manifest of " + directory + " is written already");
        }
        long size = sizeOf(example);
        requireExample(size, example.id());
        try {
            if (bound.endsBefore(size)) {
                flushBatch();
            }
            columns.write(bound.rows(), example);
            bound.add(size);
            if (bound.isFull()) {
                flushBatch();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write a shard of " + directory, e);
        }
        counts.add(example);
    }

    static void requireExample(long size, String name) {
        if (size > MAX_EXAMPLE_BYTES) {
            throw new IllegalArgumentException("Example %s takes %d bytes, at most %d go into a shard: leave it out"
                    .formatted(name, size, MAX_EXAMPLE_BYTES));
        }
    }

    /** Closes the last shard and writes the manifest, which makes the directory whole. */
    public Manifest finish() {
        end();
        return finish(directory, shards, counts.annotated(), counts.sources(), counts.licences());
    }

    /**
     * Writes the manifest of shards that were written one by one, which makes their directory whole.
     *
     * @param annotated examples by annotation, as {@link ExampleCounts} counts them
     * @param sources by source
     * @param licences by licence
     */
    public static Manifest finish(
            Path directory,
            List<Manifest.Shard> shards,
            SortedMap<String, Long> annotated,
            SortedMap<String, Long> sources,
            SortedMap<String, Long> licences) {
        long examples = shards.stream().mapToLong(Manifest.Shard::rows).sum();
        long bytes = shards.stream().mapToLong(Manifest.Shard::bytes).sum();
        Manifest manifest = new Manifest(ExampleSchema.VERSION, examples, bytes, shards, annotated, sources, licences);
        manifest.write(directory);
        return manifest;
    }

    /**
     * Closes the only shard; no manifest is written.
     *
     * @throws IllegalArgumentException if it is not as it was planned
     */
    public Manifest.Shard finishOne(ShardSpan planned) {
        end();
        Manifest.Shard only = shards.get(0);
        Manifest.Footer footer = only.footer();
        long dataBytes = only.bytes() - (footer == null ? 0 : footer.bytes());
        if (shards.size() != 1 || only.rows() != planned.rows() || dataBytes != planned.dataBytes()) {
            throw new IllegalArgumentException(
                    "%s holds %d examples in %d bytes, planned was %s: the collection was changed while it was built; start again"
                            .formatted(directory.resolve(only.file()), only.rows(), dataBytes, planned));
        }
        return only;
    }

    private void end() {
        try {
            flushBatch();
            closeShard();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write a shard of " + directory, e);
        }
        finished = true;
    }

    @Override
    public void close() {
        try {
            if (shard != null) {
                shard.close();
                shard = null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close a shard of " + directory, e);
        } finally {
            root.close();
            allocator.close();
        }
    }

    private void flushBatch() throws IOException {
        if (bound.rows() == 0) {
            return;
        }
        if (shard == null) {
            shard = new ShardFile(directory, fileName(firstNumber + shards.size()), root);
        }
        root.setRowCount(bound.rows());
        shard.writeBatch(bound.rows());
        // Release, not reset: a reset keeps old values in the buffers, and the bytes would depend on what came before.
        root.clear();
        bound.clear();
        if (shard.bytes() >= shardBytes) {
            closeShard();
        }
    }

    private void closeShard() throws IOException {
        if (shard != null) {
            Manifest.Shard entry = shard.finish();
            Durable.syncNames(directory);
            shards.add(entry);
            shard = null;
        }
    }

    /** An upper bound of the bytes that the columns will take. */
    static long sizeOf(Example example) {
        long size = 128L + example.image().remaining();
        size += length(example.id()) + length(example.source()) + length(example.licence());
        for (Example.Caption caption : example.captions()) {
            size += 8 + length(caption.text()) + length(caption.language());
        }
        for (String label : Iterables.concat(example.labels(), example.absentLabels())) {
            size += 4 + length(label);
        }
        for (Example.Box box : example.boxes()) {
            size += 40 + length(box.label());
        }
        for (Mask mask : example.masks()) {
            size += 32 + length(mask.label()) + sizeOf(mask);
        }
        Example.Depth depth = example.depth();
        return depth == null ? size : size + depth.png().remaining();
    }

    private static long sizeOf(Mask mask) {
        if (mask instanceof Mask.RunLengths lengths) {
            return 4L * lengths.runs().length();
        }
        return mask instanceof Mask.Polygons outlines
                ? outlines.polygons().stream()
                        .mapToLong(polygon -> 4 + 8L * polygon.length())
                        .sum()
                : 0;
    }

    private static long length(String text) {
        return 3L * text.length();
    }
}

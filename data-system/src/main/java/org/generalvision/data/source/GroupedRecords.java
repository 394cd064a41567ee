package org.generalvision.data.source;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Brings together what belongs together however far apart it was found: records with a key, given back group by group. Keys
 * come in the order of their bytes; a group keeps the order in which its records were added. What exceeds the memory waits
 * in sorted temporary files.
 */
public final class GroupedRecords implements Closeable {
    private static final int MEMORY_BYTES = 64 << 20;

    /** Counted for each record beside its bytes. */
    private static final int OVERHEAD_BYTES = 96;

    private static final int MAX_GROUP_BYTES = 64 << 20;

    private final int memoryBytes;
    private final List<Path> runs = new ArrayList<>();
    private List<Entry> waiting = new ArrayList<>();
    private long waitingBytes;
    private @Nullable Path folder;
    private final List<Run> open = new ArrayList<>();
    private @Nullable PriorityQueue<Run> merge;

    public GroupedRecords() {
        this(MEMORY_BYTES);
    }

    GroupedRecords(int memoryBytes) {
        this.memoryBytes = memoryBytes;
    }

    private static final class Entry {
        private final byte[] key;
        private final byte[] value;

        Entry(byte[] key, byte[] value) {
            this.key = key;
            this.value = value;
        }
    }

    /** Takes records in the order of their keys, those of one key in the order in which they were added. */
    public interface Receiver {
        void take(String key, byte[] value);
    }

    /** All records of one key. */
    record Group(String key, List<byte[]> values) {}

    /** Adds a record; not after any was given back. */
    public void add(String key, byte[] value) throws IOException {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        waiting.add(new Entry(bytes, value));
        waitingBytes += OVERHEAD_BYTES + bytes.length + value.length;
        if (waitingBytes > memoryBytes) {
            spill();
        }
    }

    private void spill() throws IOException {
        if (folder == null) {
            folder = Files.createTempDirectory("gv-build-");
        }
        sort();
        Path run = folder.resolve("run-" + runs.size());
        try (DataOutputStream output =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(run), 1 << 16))) {
            for (Entry entry : waiting) {
                output.writeInt(entry.key.length);
                output.write(entry.key);
                output.writeInt(entry.value.length);
                output.write(entry.value);
            }
        }
        runs.add(run);
        waiting = new ArrayList<>();
        waitingBytes = 0;
    }

    private void sort() {
        // Stable, so a group keeps its order.
        waiting.sort((a, b) -> Arrays.compareUnsigned(a.key, b.key));
    }

    /**
     * The next group, or null after the last.
     *
     * @throws IllegalArgumentException if a group is larger than any image's annotations are
     */
    @Nullable
    Group next() throws IOException {
        PriorityQueue<Run> queue = merge == null ? start() : merge;
        Run first = queue.peek();
        if (first == null) {
            return null;
        }
        byte[] key = first.head().key;
        List<byte[]> values = new ArrayList<>();
        long size = 0;
        for (Run run = queue.peek(); run != null && Arrays.equals(run.head().key, key); run = queue.peek()) {
            byte[] value = run.head().value;
            values.add(value);
            size += value.length;
            if (size > MAX_GROUP_BYTES) {
                throw new IllegalArgumentException("The annotations of image %s take more than %d bytes"
                        .formatted(new String(key, StandardCharsets.UTF_8), MAX_GROUP_BYTES));
            }
            queue.remove();
            if (run.advance()) {
                queue.add(run);
            }
        }
        return new Group(new String(key, StandardCharsets.UTF_8), values);
    }

    /** Gives all records back, one by one, so that any number of them may have one key. */
    public void drain(Receiver receiver) throws IOException {
        PriorityQueue<Run> queue = merge == null ? start() : merge;
        while (!queue.isEmpty()) {
            Run first = queue.remove();
            receiver.take(new String(first.head().key, StandardCharsets.UTF_8), first.head().value);
            if (first.advance()) {
                queue.add(first);
            }
        }
    }

    private PriorityQueue<Run> start() throws IOException {
        PriorityQueue<Run> queue =
                new PriorityQueue<>(Comparator.<Run, byte[]>comparing(run -> run.head().key, Arrays::compareUnsigned)
                        .thenComparing(Run::number));
        merge = queue;
        sort();
        for (Path file : runs) {
            open.add(new FileRun(open.size(), file));
        }
        open.add(new MemoryRun(open.size(), waiting));
        for (Run run : open) {
            if (run.advance()) {
                queue.add(run);
            }
        }
        return queue;
    }

    @Override
    public void close() throws IOException {
        for (Run run : open) {
            run.close();
        }
        if (folder != null && Files.exists(folder)) {
            MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    /** Sorted records, of which the first is in sight. */
    private abstract static class Run implements Closeable {
        private final int number;
        private @Nullable Entry head;

        Run(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        Entry head() {
            if (head == null) {
                throw new IllegalStateException("a run is read after its end");
            }
            return head;
        }

        /** Whether there is another record, which is in sight then. */
        boolean advance() throws IOException {
            head = read();
            return head != null;
        }

        abstract @Nullable Entry read() throws IOException;
    }

    private static final class MemoryRun extends Run {
        private final List<Entry> entries;
        private int at;

        MemoryRun(int number, List<Entry> entries) {
            super(number);
            this.entries = entries;
        }

        @Override
        @Nullable
        Entry read() {
            return at < entries.size() ? entries.get(at++) : null;
        }

        @Override
        public void close() {}
    }

    private static final class FileRun extends Run {
        private final DataInputStream input;

        FileRun(int number, Path file) throws IOException {
            super(number);
            input = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
        }

        @Override
        @Nullable
        Entry read() throws IOException {
            input.mark(1);
            if (input.read() < 0) {
                return null;
            }
            input.reset();
            byte[] key = input.readNBytes(input.readInt());
            return new Entry(key, input.readNBytes(input.readInt()));
        }

        @Override
        public void close() throws IOException {
            input.close();
        }
    }
}

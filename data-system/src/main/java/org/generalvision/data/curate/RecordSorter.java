package org.generalvision.data.curate;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sorts any number of byte records of one width in bounded memory: sorted runs go to disk and are merged, at most {@value
 * #FAN_IN} at a time. The order is that of unsigned bytes.
 */
public final class RecordSorter {
    /** Records that are sorted in memory at a time. */
    public static final int RUN_RECORDS = 1 << 18;

    /** Runs that are merged at a time. */
    public static final int FAN_IN = 64;

    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final int width;
    private final byte[][] buffer;
    private final List<Path> runs = new ArrayList<>();
    private int buffered;
    private int files;

    /**
     * A sorter without records.
     *
     * @param folder for runs; the caller removes it
     * @param width bytes of a record
     * @param runRecords records that are sorted in memory at a time
     */
    public RecordSorter(Path folder, int width, int runRecords) {
        this.folder = folder;
        this.width = width;
        buffer = new byte[runRecords][];
    }

    /** Adds a record, which belongs to the sorter then. */
    public void add(byte[] sortable) {
        if (sortable.length != width) {
            throw new IllegalStateException("A record must have %d bytes: %d".formatted(width, sortable.length));
        }
        buffer[buffered++] = sortable;
        if (buffered == buffer.length) {
            spill();
        }
    }

    private void spill() {
        Arrays.sort(buffer, 0, buffered, Arrays::compareUnsigned);
        Path run = nextFile();
        try (OutputStream output = output(run)) {
            for (int i = 0; i < buffered; i++) {
                output.write(buffer[i]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write a run to " + folder, e);
        }
        runs.add(run);
        Arrays.fill(buffer, null);
        buffered = 0;
    }

    /** Hands over all records in order; the sorter is empty then. */
    public void drain(Consumer<byte[]> consumer) {
        if (runs.isEmpty()) {
            Arrays.sort(buffer, 0, buffered, Arrays::compareUnsigned);
            for (int i = 0; i < buffered; i++) {
                consumer.accept(buffer[i]);
            }
            Arrays.fill(buffer, null);
            buffered = 0;
            return;
        }
        if (buffered > 0) {
            spill();
        }
        try {
            while (runs.size() > FAN_IN) {
                List<Path> oldest = List.copyOf(runs.subList(0, FAN_IN));
                runs.subList(0, FAN_IN).clear();
                Path merged = nextFile();
                try (OutputStream output = output(merged)) {
                    merge(oldest, bytes -> write(output, bytes));
                }
                runs.add(merged);
            }
            merge(List.copyOf(runs), consumer);
            runs.clear();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot merge runs in " + folder, e);
        }
    }

    private void merge(List<Path> inputs, Consumer<byte[]> consumer) throws IOException {
        PriorityQueue<Run> queue = new PriorityQueue<>(Comparator.comparing(Run::head, Arrays::compareUnsigned));
        List<Run> open = new ArrayList<>();
        try {
            for (Path input : inputs) {
                Run run = new Run(input);
                open.add(run);
                if (run.advance()) {
                    queue.add(run);
                }
            }
            while (!queue.isEmpty()) {
                Run least = queue.remove();
                consumer.accept(least.head());
                if (least.advance()) {
                    queue.add(least);
                }
            }
        } finally {
            for (Run run : open) {
                run.input.close();
            }
        }
        for (Path input : inputs) {
            Files.delete(input);
        }
    }

    private static void write(OutputStream output, byte[] bytes) {
        try {
            output.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write a merged run", e);
        }
    }

    private Path nextFile() {
        return folder.resolve("run-" + files++);
    }

    private static OutputStream output(Path file) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
    }

    private final class Run {
        private final DataInputStream input;
        private long left;
        private byte @Nullable [] head;

        Run(Path file) throws IOException {
            input = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
            left = Files.size(file) / width;
        }

        boolean advance() throws IOException {
            if (left == 0) {
                return false;
            }
            left--;
            byte[] next = new byte[width];
            input.readFully(next);
            head = next;
            return true;
        }

        byte[] head() {
            if (head == null) {
                throw new IllegalStateException("The run has not been advanced");
            }
            return head;
        }
    }
}

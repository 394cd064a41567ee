package org.generalvision.data.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.data.shard.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * What a build has put on the disk so far: {@value #FILE_NAME}, a line on how it was begun and one for each finished shard but
 * the last. A line counts when its line feed is there. The file stays in the finished directory, and is locked while a process
 * builds.
 */
final class BuildJournal implements AutoCloseable {
    static final String FILE_NAME = "build.jsonl";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private final FileChannel channel;
    private final List<Manifest.Shard> shards;

    private BuildJournal(FileChannel channel, List<Manifest.Shard> shards) {
        this.channel = channel;
        this.shards = shards;
    }

    /**
     * How a build was begun: what, beside the examples, its bytes depend on.
     *
     * @param schemaVersion of the columns
     * @param shardBytes target size of a shard
     */
    record Beginning(int schemaVersion, long shardBytes) {}

    /**
     * Begins a build, or continues one.
     *
     * @throws IllegalArgumentException if another process builds there, or the build there was begun otherwise
     */
    static BuildJournal open(Path directory, Beginning beginning) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean open = false;
        try {
            if (lock(channel) == null) {
                throw new IllegalArgumentException(
                        "Another process is building in " + directory + ": wait for it, or name another directory");
            }
            BuildJournal journal = new BuildJournal(channel, new ArrayList<>());
            List<String> lines = journal.lines();
            journal.truncate(lines);
            if (lines.isEmpty()) {
                journal.append(beginning);
            } else {
                requireSame(file, beginning, lines.get(0));
                for (String line : lines.subList(1, lines.size())) {
                    journal.shards.add(parse(file, line, Manifest.Shard.class));
                }
            }
            open = true;
            return journal;
        } finally {
            if (!open) {
                channel.close();
            }
        }
    }

    /** How the build of a finished directory was begun, or null if it says nothing about that. */
    static @Nullable Beginning beginning(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        try {
            List<String> lines = Files.isRegularFile(file) ? wholeLines(Files.readString(file)) : List.of();
            return lines.isEmpty() ? null : parse(file, lines.get(0), Beginning.class);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /** The finished shards, in order. */
    List<Manifest.Shard> shards() {
        return List.copyOf(shards);
    }

    /** Forgets all shards from a number on. */
    void cut(int from) throws IOException {
        truncate(lines().subList(0, 1 + from));
        shards.subList(from, shards.size()).clear();
    }

    /** Cuts what follows some lines, also one that was not written to its end. */
    private void truncate(List<String> lines) throws IOException {
        long length = lines.stream()
                .mapToLong(line -> line.getBytes(StandardCharsets.UTF_8).length + 1L)
                .sum();
        if (length < channel.size()) {
            channel.truncate(length);
            channel.force(true);
        }
        channel.position(length);
    }

    /** Notes the shards that are new in a list of all finished ones; they must be on the disk. */
    void note(List<Manifest.Shard> finished) throws IOException {
        for (Manifest.Shard shard : finished.subList(shards.size(), finished.size())) {
            append(shard);
            shards.add(shard);
        }
    }

    private void append(Object line) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(JSON.writeValueAsString(line) + "\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    /** Through the channel itself: where a process closes any other channel of a file, POSIX drops its lock. */
    private List<String> lines() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
            read = channel.read(bytes, bytes.position());
        }
        return wholeLines(StandardCharsets.UTF_8.decode(bytes.flip()).toString());
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static List<String> wholeLines(String text) {
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private static void requireSame(Path file, Beginning wanted, String line) {
        Beginning begun = parse(file, line, Beginning.class);
        if (!begun.equals(wanted)) {
            throw new IllegalArgumentException(
                    "The build in %s was begun with shards of %d bytes of schema %d, not %d bytes of schema %d: %s"
                            .formatted(
                                    file.getParent(),
                                    begun.shardBytes(),
                                    begun.schemaVersion(),
                                    wanted.shardBytes(),
                                    wanted.schemaVersion(),
                                    "continue it with what it was begun with, or remove that directory to begin anew"));
        }
    }

    private static <T> T parse(Path file, String line, Class<T> type) {
        try {
            return JSON.readValue(line, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    file + " is not the journal of a build (" + e.getOriginalMessage() + "): remove its directory", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

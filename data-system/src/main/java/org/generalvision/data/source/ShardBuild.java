package org.generalvision.data.source;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.shard.Manifest;
import org.generalvision.data.shard.ShardWriter;

/**
 * Turns a collection into a directory of shards, which appears under its name when it is whole and not before. What could not
 * be used, if anything, stands in {@value #REJECTED} there, one JSON object per line.
 */
public final class ShardBuild {
    public static final String REJECTED = "rejected.jsonl";

    private static final JsonMapper JSON = new JsonMapper();

    private final CollectionSource source;
    private final Path directory;
    private final long shardBytes;
    private final SortedMap<String, Long> leftOut = new TreeMap<>();
    private long rejected;

    /**
     * A build that has not begun.
     *
     * @param directory to make; must not exist
     * @param shardBytes target size of a shard
     * @throws IllegalArgumentException if the directory exists
     */
    public ShardBuild(CollectionSource source, Path directory, long shardBytes) {
        if (Files.exists(directory)) {
            throw new IllegalArgumentException(
                    directory + " exists and is not overwritten: name another one or remove it");
        }
        this.source = source;
        this.directory = directory.toAbsolutePath();
        this.shardBytes = shardBytes;
    }

    /**
     * How a build ended.
     *
     * @param manifest of the shards
     * @param leftOut items by the rule that left them out
     * @param rejected items that could not be used
     */
    public record Result(Manifest manifest, SortedMap<String, Long> leftOut, long rejected) {}

    /** Reads the whole collection; {@code done} runs after each item. A failure leaves nothing behind. */
    public Result run(Runnable done) {
        try {
            MoreFiles.createParentDirectories(directory);
            Path temporary = directory.resolveSibling(directory.getFileName() + ".partial-"
                    + ProcessHandle.current().pid());
            Files.createDirectory(temporary);
            try {
                Manifest manifest = write(temporary, done);
                Files.move(temporary, directory, StandardCopyOption.ATOMIC_MOVE);
                return new Result(manifest, leftOut, rejected);
            } finally {
                if (Files.exists(temporary)) {
                    MoreFiles.deleteRecursively(temporary, RecursiveDeleteOption.ALLOW_INSECURE);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot build " + directory, e);
        }
    }

    private Manifest write(Path temporary, Runnable done) throws IOException {
        Path rejections = temporary.resolveSibling(temporary.getFileName() + "-" + REJECTED);
        try (ShardWriter writer = ShardWriter.create(temporary, shardBytes);
                BufferedWriter lines = Files.newBufferedWriter(rejections)) {
            for (Candidate candidate : source) {
                take(candidate, writer, lines);
                done.run();
            }
            lines.flush();
            if (rejected > 0) {
                Files.move(rejections, temporary.resolve(REJECTED), StandardCopyOption.ATOMIC_MOVE);
            }
            return writer.finish();
        } finally {
            Files.deleteIfExists(rejections);
        }
    }

    private void take(Candidate candidate, ShardWriter writer, BufferedWriter lines) throws IOException {
        if (candidate instanceof Candidate.Accepted accepted) {
            writer.add(accepted.example());
        } else if (candidate instanceof Candidate.LeftOut out) {
            leftOut.merge(out.rule(), 1L, Long::sum);
        } else {
            lines.write(JSON.writeValueAsString(candidate));
            lines.newLine();
            rejected++;
        }
    }
}

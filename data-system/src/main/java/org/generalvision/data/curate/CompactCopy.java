package org.generalvision.data.curate;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.shard.Manifest;
import org.generalvision.data.shard.ShardWriter;

/**
 * Writes what is left of a directory into a new one, which appears under its name when it is whole and not before.
 *
 * @param target must not exist
 * @param shardBytes size at which a shard is closed
 */
public record CompactCopy(Path target, long shardBytes) {
    public CompactCopy {
        target = target.toAbsolutePath();
        if (Files.exists(target)) {
            throw new IllegalArgumentException(
                    target + " exists and is not overwritten: name another one or remove it");
        }
    }

    /** Copies all examples; {@code progress} runs once for each. */
    public Manifest of(ExampleSource source, Runnable progress) {
        Path temporary = target.resolveSibling(
                target.getFileName() + ".partial-" + ProcessHandle.current().pid());
        try {
            MoreFiles.createParentDirectories(target);
            try (ShardWriter writer = ShardWriter.create(temporary, shardBytes)) {
                for (long i = 0; i < source.size(); i++) {
                    writer.add(source.get(i));
                    progress.run();
                }
                Manifest manifest = writer.finish();
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
                return manifest;
            } finally {
                if (Files.exists(temporary)) {
                    MoreFiles.deleteRecursively(temporary, RecursiveDeleteOption.ALLOW_INSECURE);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + target, e);
        }
    }
}

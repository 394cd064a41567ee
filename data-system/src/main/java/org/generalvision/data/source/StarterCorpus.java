package org.generalvision.data.source;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.shard.Manifest;
import org.generalvision.data.shard.ShardReader;

/**
 * The images that come with the project: public-domain clip art with captions and labels, and Fashion-MNIST (all of its test
 * split and a fifth of its training split). NOTICE names sources, licences and the commands that made them.
 */
public final class StarterCorpus {
    private static final List<String> SPLITS =
            List.of("clipart-train", "clipart-validation", "clipart-test", "fashion-train", "fashion-test");

    private StarterCorpus() {}

    /** The names that {@link #open} takes. */
    public static List<String> splits() {
        return SPLITS;
    }

    /**
     * Opens a split. Its shards are copied out of the jar first, because a jar cannot be mapped; a good copy that is there is
     * used, a damaged one is replaced.
     *
     * @param split one of {@link #splits}
     * @param cacheDirectory where the copy lies, in a folder of the split's name; is created
     * @throws IllegalArgumentException if there is no such split
     */
    public static synchronized ExampleSource open(String split, Path cacheDirectory) {
        if (!SPLITS.contains(split)) {
            throw new IllegalArgumentException(
                    "The starter corpus has no split " + split + "; it has " + String.join(", ", SPLITS));
        }
        Path directory = cacheDirectory.resolve(split);
        try {
            byte[] manifest = Resources.toByteArray(resource(split, Manifest.FILE_NAME));
            if (!isGood(directory, manifest)) {
                copy(split, manifest, directory);
            }
            return ShardReader.open(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot copy the starter corpus to " + directory, e);
        }
    }

    private static boolean isGood(Path directory, byte[] manifest) throws IOException {
        Path file = directory.resolve(Manifest.FILE_NAME);
        if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), manifest)) {
            return false;
        }
        try (ShardReader reader = ShardReader.open(directory)) {
            return IntStream.range(0, reader.manifest().shards().size()).allMatch(reader::isSound);
        } catch (IllegalArgumentException damaged) {
            return false;
        }
    }

    /** Copies under another name and renames, so that neither a kill nor another process leaves half a copy. */
    private static void copy(String split, byte[] json, Path directory) throws IOException {
        Manifest manifest = Manifest.parse(json, "the starter corpus's " + split);
        MoreFiles.createParentDirectories(directory);
        Path temporary = directory.resolveSibling(
                split + ".partial-" + ProcessHandle.current().pid());
        deleteIfPresent(temporary);
        Files.createDirectory(temporary);
        try {
            for (Manifest.Shard shard : manifest.shards()) {
                try (var input = resource(split, shard.file()).openStream()) {
                    Files.copy(input, temporary.resolve(shard.file()));
                }
            }
            Files.write(temporary.resolve(Manifest.FILE_NAME), json);
            if (!isGood(temporary, json)) {
                throw new IllegalStateException("The starter corpus in the jar is damaged: build the project again");
            }
            deleteIfPresent(directory);
            Files.move(temporary, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Another process may have put its copy there first; it is as good as ours.
            if (!isGood(directory, json)) {
                throw e;
            }
        } finally {
            deleteIfPresent(temporary);
        }
    }

    private static void deleteIfPresent(Path directory) throws IOException {
        if (Files.exists(directory)) {
            MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private static URL resource(String split, String file) {
        return Resources.getResource(StarterCorpus.class, "/starter/" + split + "/" + file);
    }
}

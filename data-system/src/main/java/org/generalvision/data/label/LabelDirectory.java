package org.generalvision.data.label;

import com.google.common.base.Throwables;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Where a label system lives, and what is mapped to it: {@value #CONCEPTS} and {@value #EXCEPTIONS} as they were imported,
 * {@value #MANIFEST} with their checksums, and beside them, from the first mapping on, the log of merges {@value #LOG} with what
 * follows from it, {@value #MAPPING} and {@value #COVERAGE}.
 */
public final class LabelDirectory {
    public static final String MANIFEST = "manifest.json";
    public static final String CONCEPTS = "concepts.arrow";
    public static final String EXCEPTIONS = "exceptions.txt";
    public static final String LOG = "merges.jsonl";
    public static final String MAPPING = "mapping.csv";
    public static final String COVERAGE = "coverage.json";

    /** One array holds the file while it is read. */
    private static final long MAX_BYTES = 1L << 30;

    private final Path directory;
    private final LabelManifest manifest;

    private LabelDirectory(Path directory, LabelManifest manifest) {
        this.directory = directory;
        this.manifest = manifest;
    }

    /**
     * Makes a directory, which appears under its name when it is whole and not before.
     *
     * @param directory must not exist
     * @param morphology irregular forms that belong to the names
     * @param source where the concepts come from, for people
     */
    public static LabelDirectory create(Path directory, LabelSystem labels, Morphology morphology, String source) {
        requireNew(directory);
        byte[] concepts = ConceptFile.write(labels.columns());
        byte[] exceptions = morphology.text().getBytes(StandardCharsets.UTF_8);
        LabelManifest manifest = new LabelManifest(
                LabelManifest.SCHEMA_VERSION,
                source,
                labels.size(),
                labels.numNames(),
                labels.languages(),
                List.of(entry(CONCEPTS, concepts), entry(EXCEPTIONS, exceptions)));
        Path target = directory.toAbsolutePath();
        try {
            MoreFiles.createParentDirectories(target);
            Path temporary = target.resolveSibling(
                    target.getFileName() + ".partial-" + ProcessHandle.current().pid());
            Files.createDirectory(temporary);
            try {
                write(temporary.resolve(CONCEPTS), concepts);
                write(temporary.resolve(EXCEPTIONS), exceptions);
                write(temporary.resolve(MANIFEST), manifest.text().getBytes(StandardCharsets.UTF_8));
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                if (Files.exists(temporary)) {
                    MoreFiles.deleteRecursively(temporary, RecursiveDeleteOption.ALLOW_INSECURE);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + directory, e);
        }
        return new LabelDirectory(directory, manifest);
    }

    /** Refuses a directory that exists, best before the work of an import. */
    public static void requireNew(Path directory) {
        if (Files.exists(directory)) {
            throw new IllegalArgumentException(
                    directory + " exists and is not overwritten: name another one or remove it");
        }
    }

    /**
     * Opens a directory; reads its manifest only.
     *
     * @throws IllegalArgumentException if it has none or a wrong one
     */
    public static LabelDirectory open(Path directory) {
        Path file = directory.resolve(MANIFEST);
        if (!Files.isRegularFile(file) || !Files.isRegularFile(directory.resolve(CONCEPTS))) {
            throw new IllegalArgumentException("No label system in %s: make one with gv data labels import --out %s"
                    .formatted(directory, directory));
        }
        return new LabelDirectory(directory, LabelManifest.parse(read(file), file.toString()));
    }

    public LabelManifest manifest() {
        return manifest;
    }

    /**
     * Loads the label system.
     *
     * @throws IllegalArgumentException if its file differs from the manifest or is malformed
     */
    public LabelSystem load() {
        byte[] bytes = read(directory.resolve(CONCEPTS));
        // Beside the reading, which trusts nothing either; but a file that is not the right one is not to be explained.
        CompletableFuture<Void> check = CompletableFuture.runAsync(() -> verify(CONCEPTS, bytes));
        try {
            return new LabelSystem(
                    ConceptFile.read(bytes, directory.resolve(CONCEPTS).toString()));
        } finally {
            join(check);
        }
    }

    private static void join(CompletableFuture<Void> check) {
        try {
            check.join();
        } catch (CompletionException e) {
            Throwables.throwIfUnchecked(Objects.requireNonNull(e.getCause()));
            throw e;
        }
    }

    /** Loads the irregular forms. */
    public Morphology morphology() {
        return Morphology.parse(new String(verified(EXCEPTIONS), StandardCharsets.UTF_8), EXCEPTIONS);
    }

    /** SHA-256 of the concepts, which says to what a log of merges refers. */
    public String hash() {
        return manifest.file(CONCEPTS).sha256();
    }

    Path resolve(String name) {
        return directory.resolve(name);
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    private byte[] verified(String name) {
        byte[] bytes = read(directory.resolve(name));
        verify(name, bytes);
        return bytes;
    }

    private void verify(String name, byte[] bytes) {
        String sha256 = Hashing.sha256().hashBytes(bytes).toString();
        if (!sha256.equals(manifest.file(name).sha256())) {
            throw new IllegalArgumentException(
                    "%s has SHA-256 %s, its manifest says %s; copy it again from a good copy, or import again"
                            .formatted(
                                    directory.resolve(name),
                                    sha256,
                                    manifest.file(name).sha256()));
        }
    }

    private static LabelManifest.Entry entry(String name, byte[] bytes) {
        return new LabelManifest.Entry(
                name, bytes.length, Hashing.sha256().hashBytes(bytes).toString());
    }

    /** Reads a whole file of bounded size. */
    static byte[] read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "%s has %d bytes, the most is %d".formatted(file, Files.size(file), MAX_BYTES));
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /** Writes a file whole or not at all, whatever stood there before. */
    static void replace(Path file, byte[] bytes) {
        Path temporary = file.resolveSibling(
                file.getFileName() + ".partial-" + ProcessHandle.current().pid());
        try {
            try {
                write(temporary, bytes);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}

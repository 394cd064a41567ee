package org.generalvision.data.source;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.generalvision.data.example.Example;
import org.generalvision.data.shard.Durable;
import org.generalvision.data.shard.Manifest;
import org.generalvision.data.shard.ShardReader;
import org.generalvision.data.shard.ShardWriter;

/**
 * Turns a collection into a directory of shards, which appears under its name when it is whole and not before. What could not
 * be used, if anything, stands in {@value #REJECTED} there, one JSON object per line.
 *
 * <p>A build that ends early, even by a kill or a power cut, leaves its finished shards in a directory of the same name and
 * {@value #PARTIAL}. Started again, it walks the collection anew, compares each example with the one that is written, and goes
 * on where that ends; so it yields the bytes of a build that was not disturbed, and a collection that has changed is found. A
 * directory that is whole is compared in the same way, and left alone.
 */
public final class ShardBuild {
    public static final String REJECTED = "rejected.jsonl";
    public static final String PARTIAL = ".partial";

    private final CollectionSource source;
    private final Path directory;
    private final Path partial;
    private final BuildJournal.Beginning beginning;
    private final SortedMap<String, Long> leftOut = new TreeMap<>();

    /**
     * A build that has not begun.
     *
     * @param directory to make; if it exists, an earlier build must have made it
     * @param shardBytes target size of a shard
     * @throws IllegalArgumentException if the directory is something else
     */
    public ShardBuild(CollectionSource source, Path directory, long shardBytes) {
        ShardWriter.requireTarget(shardBytes);
        this.source = source;
        this.directory = directory.toAbsolutePath();
        partial = this.directory.resolveSibling(directory.getFileName() + PARTIAL);
        beginning = new BuildJournal.Beginning(Manifest.SCHEMA_VERSION, shardBytes);
        if (Files.exists(directory)) {
            requireSameBeginning();
        }
    }

    /** What a build found. */
    public enum Outcome {
        /** Nothing. */
        BUILT,
        /** Finished shards of a build that had ended early. */
        CONTINUED,
        /** The whole directory, made from the same examples. */
        UNCHANGED
    }

    /**
     * How a build ended.
     *
     * @param manifest of the shards
     * @param leftOut items by the rule that left them out
     * @param rejected items that could not be used
     * @param continued examples of an earlier build that were found
     */
    public record Result(
            Manifest manifest, SortedMap<String, Long> leftOut, long rejected, Outcome outcome, long continued) {}

    /**
     * Reads the whole collection; {@code done} runs after each item.
     *
     * @throws IllegalArgumentException if an earlier build had another collection or other arguments, or another process
     *     builds the same directory
     */
    public Result run(Runnable done) {
        try {
            if (Files.exists(directory)) {
                return compare(done);
            }
            MoreFiles.createParentDirectories(directory);
            Files.createDirectories(partial);
            try (BuildJournal journal = BuildJournal.open(partial, beginning)) {
                return Files.exists(directory) ? compare(done) : build(journal, done);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot build " + directory, e);
        }
    }

    private Result build(BuildJournal journal, Runnable done) throws IOException {
        boolean whole = false;
        try {
            Result result = write(journal, done);
            Durable.move(partial, directory);
            whole = true;
            return result;
        } catch (UncheckedIOException e) {
            throw interrupted(Objects.requireNonNull(e.getCause()), journal);
        } catch (IOException e) {
            throw interrupted(e, journal);
        } finally {
            if (!whole && journal.shards().isEmpty()) {
                MoreFiles.deleteRecursively(partial, RecursiveDeleteOption.ALLOW_INSECURE);
            }
        }
    }

    private UncheckedIOException interrupted(IOException cause, BuildJournal journal) {
        String kept = journal.shards().isEmpty()
                ? "nothing is kept: mend the cause and start again"
                : "%d finished shards are kept in %s: mend the cause and start again, or remove that directory"
                        .formatted(journal.shards().size(), partial);
        return new UncheckedIOException(
                "Cannot build %s (%s); %s".formatted(directory, cause.getMessage(), kept), cause);
    }

    private Result write(BuildJournal journal, Runnable done) throws IOException {
        keepSoundShards(journal);
        List<Manifest.Shard> finished = journal.shards();
        try (ShardReader earlier = ShardReader.open(partial, finished);
                ShardWriter writer = ShardWriter.resume(partial, beginning.shardBytes(), finished);
                Rejections rejections = Rejections.write(partial.resolve(REJECTED))) {
            Comparison comparison = new Comparison(earlier, partial);
            for (Candidate candidate : source) {
                if (candidate instanceof Candidate.Accepted accepted) {
                    Example example = accepted.example().withContentHash();
                    if (comparison.isDone()) {
                        writer.add(example);
                        journal.note(writer.finished());
                    } else {
                        comparison.requireNext(example);
                        writer.skip(example);
                    }
                } else {
                    leaveOut(candidate, rejections);
                }
                done.run();
            }
            comparison.requireDone();
            rejections.finish();
            Outcome outcome = finished.isEmpty() ? Outcome.BUILT : Outcome.CONTINUED;
            return new Result(writer.finish(), leftOut, rejections.count(), outcome, earlier.size());
        }
    }

    private Result compare(Runnable done) throws IOException {
        requireSameBeginning();
        try (ShardReader earlier = ShardReader.open(directory);
                Rejections rejections = Rejections.compare(directory.resolve(REJECTED))) {
            Comparison comparison = new Comparison(earlier, directory);
            for (Candidate candidate : source) {
                if (candidate instanceof Candidate.Accepted accepted) {
                    comparison.requireNext(accepted.example().withContentHash());
                } else {
                    leaveOut(candidate, rejections);
                }
                done.run();
            }
            comparison.requireDone();
            rejections.finish();
            return new Result(earlier.manifest(), leftOut, rejections.count(), Outcome.UNCHANGED, earlier.size());
        }
    }

    private void leaveOut(Candidate candidate, Rejections rejections) throws IOException {
        if (candidate instanceof Candidate.LeftOut out) {
            leftOut.merge(out.rule(), 1L, Long::sum);
        } else {
            rejections.add(candidate);
        }
    }

    /** Forgets shards from the first that a power cut has damaged, and removes all that is not a finished shard. */
    private void keepSoundShards(BuildJournal journal) throws IOException {
        try (ShardReader reader = ShardReader.open(partial, journal.shards())) {
            for (int shard = 0; shard < journal.shards().size(); shard++) {
                if (!reader.isSound(shard)) {
                    journal.cut(shard);
                }
            }
        }
        Set<String> kept = journal.shards().stream().map(Manifest.Shard::file).collect(Collectors.toSet());
        kept.add(BuildJournal.FILE_NAME);
        try (Stream<Path> files = Files.list(partial)) {
            for (Path file : files.toList()) {
                if (!kept.contains(Objects.requireNonNull(file.getFileName()).toString())) {
                    Files.delete(file);
                }
            }
        }
    }

    private void requireSameBeginning() {
        BuildJournal.Beginning begun = BuildJournal.beginning(directory);
        if (begun == null) {
            throw new IllegalArgumentException(
                    directory + " exists and is not overwritten: name another one or remove it");
        }
        if (!begun.equals(beginning)) {
            throw new IllegalArgumentException(
                    "%s was built with shards of %d bytes of schema %d, not %d bytes of schema %d: %s"
                            .formatted(
                                    directory,
                                    begun.shardBytes(),
                                    begun.schemaVersion(),
                                    beginning.shardBytes(),
                                    beginning.schemaVersion(),
                                    "name another directory or remove it"));
        }
    }

    /** Walks the examples of an earlier build beside those of this one. */
    private static final class Comparison {
        private final ShardReader earlier;
        private final Path directory;
        private long next;

        Comparison(ShardReader earlier, Path directory) {
            this.earlier = earlier;
            this.directory = directory;
        }

        boolean isDone() {
            return next == earlier.size();
        }

        void requireNext(Example example) {
            if (isDone() || !earlier.get(next).equals(example)) {
                throw changed("%s, example %d, is not what an earlier build wrote into".formatted(example.id(), next));
            }
            next++;
        }

        void requireDone() {
            if (!isDone()) {
                throw changed("The collection ends after %d of %d examples of".formatted(next, earlier.size()));
            }
        }

        private IllegalArgumentException changed(String what) {
            return new IllegalArgumentException("%s %s: the source or an argument has changed since; %s"
                    .formatted(what, directory, "undo the change, name another directory, or remove that one"));
        }
    }
}

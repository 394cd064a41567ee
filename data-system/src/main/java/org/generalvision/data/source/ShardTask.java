package org.generalvision.data.source;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.generalvision.data.example.Example;
import org.generalvision.data.shard.Durable;
import org.generalvision.data.shard.Manifest;
import org.generalvision.data.shard.ShardReader;
import org.generalvision.data.shard.ShardSpan;
import org.generalvision.data.shard.ShardWriter;

/**
 * Some shards in a row that one process writes. It may be run any number of times, also at once: shards are written to a folder of the
 * attempt and get their names when they are whole, so an attempt that dies leaves nothing that counts.
 *
 * @param order what is built
 * @param stretches of the collection that hold the examples, in their order
 * @param skipped items of the first of them that come before
 * @param shards to write
 * @param partial directory of the shards
 */
public record ShardTask(BuildOrder order, List<Stretch> stretches, long skipped, List<ShardSpan> shards, Path partial) {
    private static final String ATTEMPT = ".attempt-";
    private static final String NOTE = ".json";

    public ShardTask {
        stretches = List.copyOf(stretches);
        shards = List.copyOf(shards);
    }

    /** Reads what {@link #text} wrote. */
    public static ShardTask parse(String text) {
        return BuildJson.parse(text, ShardTask.class);
    }

    /** The task as text. */
    public String text() {
        return BuildJson.text(this);
    }

    /** What a run yields. */
    public record Written(List<Manifest.Shard> shards) {
        public Written {
            shards = List.copyOf(shards);
        }

        /** Reads what {@link #text} wrote. */
        public static Written parse(String text) {
            return BuildJson.parse(text, Written.class);
        }

        /** The entries as text. */
        public String text() {
            return BuildJson.text(this);
        }
    }

    /**
     * Writes the shards. Those that an earlier run has finished are read and compared with the collection instead.
     *
     * @throws IllegalArgumentException if the collection has changed
     */
    public Written run() {
        List<Manifest.Shard> written = new ArrayList<>();
        try (Examples examples = new Examples()) {
            Path attempt = Files.createTempDirectory(partial, ATTEMPT);
            try {
                for (ShardSpan shard : shards) {
                    Path note = note(partial.resolve(ShardWriter.fileName(shard.number())));
                    written.add(Files.exists(note) ? compare(shard, note, examples) : write(shard, examples, attempt));
                }
            } finally {
                MoreFiles.deleteRecursively(attempt, RecursiveDeleteOption.ALLOW_INSECURE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write shards of " + partial, e);
        }
        return new Written(written);
    }

    private Manifest.Shard write(ShardSpan shard, Examples examples, Path attempt) throws IOException {
        Manifest.Shard entry;
        try (ShardWriter writer = ShardWriter.one(attempt, order.shardBytes(), shard.number())) {
            for (long row = 0; row < shard.rows(); row++) {
                writer.add(examples.next());
            }
            entry = writer.finishOne(shard);
        }
        Path file = partial.resolve(entry.file());
        Durable.move(attempt.resolve(entry.file()), file);
        Path note = note(attempt.resolve(entry.file()));
        Durable.write(note, BuildJson.text(entry).getBytes(StandardCharsets.UTF_8));
        Durable.move(note, note(file));
        return entry;
    }

    private Manifest.Shard compare(ShardSpan shard, Path note, Examples examples) throws IOException {
        Manifest.Shard entry = BuildJson.parse(Files.readString(note), Manifest.Shard.class);
        try (ShardReader earlier = ShardReader.open(partial, List.of(entry))) {
            if (entry.rows() != shard.rows() || !earlier.isSound(0)) {
                throw new IllegalArgumentException(
                        "%s is damaged, or the source or an argument has changed since it was written: remove %s"
                                .formatted(partial.resolve(entry.file()), partial));
            }
            for (long row = 0; row < shard.rows(); row++) {
                Example example = examples.next();
                if (!earlier.get(row).equals(example)) {
                    throw new IllegalArgumentException(
                            "%s is not what an earlier build wrote into %s: the source or an argument has changed since; undo the change, name another directory, or remove %s"
                                    .formatted(example.id(), partial.resolve(entry.file()), partial));
                }
            }
        }
        return entry;
    }

    private static Path note(Path shard) {
        return shard.resolveSibling(shard.getFileName() + NOTE);
    }

    /** Whether a file in the directory of shards is there for tasks alone. */
    static boolean isOwn(String name) {
        return name.startsWith(ATTEMPT) || name.endsWith(".arrow" + NOTE);
    }

    /** The examples of all stretches in their order, whole as they are written. */
    private final class Examples implements AutoCloseable {
        private final Iterator<Stretch> rest = stretches.iterator();
        private CollectionSource source = new Empty();
        private Iterator<Candidate> items = source.iterator();
        private long skip = skipped;

        Example next() {
            while (true) {
                if (items.hasNext()) {
                    if (items.next() instanceof Candidate.Accepted accepted) {
                        return accepted.example().withContentHash();
                    }
                } else if (rest.hasNext()) {
                    open(rest.next());
                } else {
                    throw new IllegalArgumentException("The collection has fewer examples than when it was surveyed: it"
                            + " was changed while it was built; start again");
                }
            }
        }

        private void open(Stretch stretch) {
            source.close();
            CollectionSource opened = stretch.source().open();
            source = order.perceptualHashes() ? new HashedSource(opened) : opened;
            items = stretch.items(source, skip);
            skip = 0;
        }

        @Override
        public void close() {
            source.close();
        }
    }

    private static final class Empty implements CollectionSource {
        @Override
        public long size() {
            return 0;
        }

        @Override
        public Iterator<Candidate> iterator() {
            return Collections.emptyIterator();
        }
    }
}

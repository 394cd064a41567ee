package org.generalvision.data.source;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.generalvision.data.shard.Durable;
import org.generalvision.data.shard.Manifest;
import org.generalvision.data.shard.RecordShape;
import org.generalvision.data.shard.ShardPlanner;
import org.generalvision.data.shard.ShardSpan;
import org.generalvision.data.shard.ShardWriter;
import org.jspecify.annotations.Nullable;

/**
 * A build whose collection several processes read and whose shards several processes write, with the bytes of {@link ShardBuild}. One
 * process leads: it hands out {@link #stretches} to be surveyed, takes the surveys in their order, then hands out {@link #tasks}, and
 * when all are done it writes what is left and gives the directory its name. All processes see the collection and the directory under
 * the same paths.
 *
 * <p>Like any other build it works in a directory of the same name and {@value ShardBuild#PARTIAL}. Shards that are finished there are
 * kept if the leading process dies.
 */
public final class SharedBuild implements AutoCloseable {
    private final BuildOrder order;
    private final Path directory;
    private final Path partial;
    private final BuildJournal journal;
    private final Rejections rejections;
    private final RejectionCount rejected;
    private final ShardPlanner planner;
    private final List<Stretch> stretches;
    private final List<Placed> placed = new ArrayList<>();
    private final SortedMap<String, Long> leftOut = new TreeMap<>();
    private final SortedMap<String, Long> annotated = new TreeMap<>();
    private final SortedMap<String, Long> sources = new TreeMap<>();
    private final SortedMap<String, Long> licences = new TreeMap<>();
    private int surveyed;
    private int journaled;
    private @Nullable Place begin;

    /** Where an example lies: an item of a stretch. */
    private record Place(int stretch, long item) {}

    /** A shard and where its first example lies. */
    private record Placed(ShardSpan shard, Place begin) {}

    private SharedBuild(BuildOrder order, Path directory, Path partial, BuildJournal journal, int wanted)
            throws IOException {
        this.order = order;
        this.directory = directory;
        this.partial = partial;
        this.journal = journal;
        stretches = order.source().stretches(wanted);
        planner = new ShardPlanner(order.shardBytes());
        rejected = new RejectionCount(order.maxRejected(), order.freeRejections());
        Files.deleteIfExists(partial.resolve(ShardBuild.REJECTED));
        rejections = Rejections.write(partial.resolve(ShardBuild.REJECTED));
    }

    /**
     * Begins, or goes on after one that died.
     *
     * @param directory to make
     * @param wanted stretches, if the collection can be divided into so many
     * @throws IllegalArgumentException if the directory exists, or another process builds it, or it was begun otherwise
     */
    public static SharedBuild begin(BuildOrder order, Path directory, int wanted) {
        Path whole = directory.toAbsolutePath();
        Path partial = whole.resolveSibling(whole.getFileName() + ShardBuild.PARTIAL);
        if (Files.exists(whole)) {
            throw new IllegalArgumentException(directory
                    + " exists: name another one, or compare it with its source by building it with the local engine");
        }
        try {
            MoreFiles.createParentDirectories(whole);
            Files.createDirectories(partial);
            BuildJournal journal =
                    BuildJournal.open(partial, new BuildJournal.Beginning(Manifest.SCHEMA_VERSION, order.shardBytes()));
            boolean begun = false;
            try {
                // What a build with one process had finished is written anew.
                journal.cut(0);
                SharedBuild build = new SharedBuild(order, whole, partial, journal, wanted);
                begun = true;
                return build;
            } finally {
                if (!begun) {
                    journal.close();
                    removeUnlessBegun(partial);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot build " + directory, e);
        }
    }

    /** The parts of the collection, each to be surveyed by {@link Survey#of}. */
    public List<Stretch> stretches() {
        return stretches;
    }

    /** Takes the survey of the next stretch. */
    public void add(byte[] survey) {
        try {
            Survey.read(survey, new Reader(surveyed));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + partial.resolve(ShardBuild.REJECTED), e);
        }
        surveyed++;
    }

    private final class Reader implements Survey.Receiver {
        private final int stretch;
        private long item;

        Reader(int stretch) {
            this.stretch = stretch;
        }

        @Override
        public void kept(RecordShape shape) {
            Place here = new Place(stretch, item++);
            Place first = begin == null ? here : begin;
            rejected.addOther();
            for (ShardSpan ended : planner.add(shape)) {
                placed.add(new Placed(ended, first));
                first = here;
            }
            // A shard that ended with this example leaves the next one to begin with the next.
            begin = planner.isBetween() ? null : first;
            journaled = placed.size();
        }

        @Override
        public void leftOut(String rule) {
            item++;
            rejected.addOther();
            leftOut.merge(rule, 1L, Long::sum);
        }

        @Override
        public void rejected(Candidate.Rejected candidate) throws IOException {
            item++;
            rejected.add(candidate);
            rejections.add(candidate);
        }

        @Override
        public void counted(Survey.Kind kind, String name, long count) {
            SortedMap<String, Long> counts = switch (kind) {
                case ANNOTATION -> annotated;
                case SOURCE -> sources;
                case LICENCE -> licences;
            };
            counts.merge(name, count, Long::sum);
        }
    }

    /**
     * Tasks that write all shards, when all stretches are surveyed.
     *
     * @param wanted number of tasks, if there are so many shards
     * @throws IllegalArgumentException if too many items cannot be used
     */
    public List<ShardTask> tasks(int wanted) {
        if (surveyed != stretches.size()) {
            throw new IllegalStateException("%d of %d stretches are surveyed".formatted(surveyed, stretches.size()));
        }
        rejected.requireWithin();
        for (ShardSpan last : planner.finish()) {
            placed.add(new Placed(last, begin == null ? new Place(0, 0) : begin));
            begin = null;
        }
        List<ShardTask> tasks = new ArrayList<>();
        int groups = Math.min(wanted, placed.size());
        for (int group = 0; group < groups; group++) {
            int from = (int) ((long) group * placed.size() / groups);
            int to = (int) ((long) (group + 1) * placed.size() / groups);
            tasks.add(task(
                    placed.subList(from, to),
                    to == placed.size()
                            ? stretches.size() - 1
                            : placed.get(to).begin().stretch()));
        }
        return tasks;
    }

    private ShardTask task(List<Placed> shards, int lastStretch) {
        Place first = shards.get(0).begin();
        return new ShardTask(
                order,
                stretches.subList(first.stretch(), lastStretch + 1),
                first.item(),
                shards.stream().map(Placed::shard).toList(),
                partial);
    }

    /**
     * Writes the manifest and gives the directory its name.
     *
     * @param written what the tasks yielded, in any order
     */
    public ShardBuild.Result finish(List<ShardTask.Written> written) {
        List<Manifest.Shard> shards = written.stream()
                .flatMap(some -> some.shards().stream())
                .sorted(Comparator.comparing(
                        shard -> Integer.parseInt(shard.file().replaceAll("\\D", ""))))
                .toList();
        if (shards.size() != placed.size()) {
            throw new IllegalStateException("%d of %d shards are written".formatted(shards.size(), placed.size()));
        }
        try {
            journal.note(shards.subList(0, journaled));
            rejections.finish();
            rejections.close();
            removeOwn();
            Manifest manifest = ShardWriter.finish(partial, shards, annotated, sources, licences);
            Durable.move(partial, directory);
            return new ShardBuild.Result(manifest, leftOut, rejections.count(), ShardBuild.Outcome.BUILT, 0);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot finish " + directory, e);
        }
    }

    /** Removes a directory that holds no shards. */
    private static void removeUnlessBegun(Path partial) throws IOException {
        if (!Files.exists(partial)) {
            return;
        }
        boolean begun;
        try (Stream<Path> files = Files.list(partial)) {
            begun = files.anyMatch(file -> file.toString().endsWith(".arrow"));
        }
        if (!begun) {
            MoreFiles.deleteRecursively(partial, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private void removeOwn() throws IOException {
        List<Path> own;
        try (Stream<Path> files = Files.list(partial)) {
            own = files.filter(file -> ShardTask.isOwn(String.valueOf(file.getFileName())))
                    .toList();
        }
        for (Path file : own) {
            MoreFiles.deleteRecursively(file, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    /** Leaves finished shards where they are, and nothing if there are none; a directory that is whole has got its name. */
    @Override
    public void close() {
        try (journal) {
            rejections.close();
            removeUnlessBegun(partial);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close " + partial, e);
        }
    }
}

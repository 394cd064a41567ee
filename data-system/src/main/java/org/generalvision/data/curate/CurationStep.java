package org.generalvision.data.curate;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.generalvision.data.shard.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * A step that is being taken on a directory: what it sees, and the list of what it removes, which is in force when {@link
 * #finish} has put it in its place, and not before. A dry step finds the same and leaves nothing behind.
 */
public final class CurationStep implements AutoCloseable {
    private static final String WORK = ".work-";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final int SHOWN = 5;

    private final CurationSteps steps;
    private final String name;
    private final SortedMap<String, Object> settings;
    private final @Nullable CurationLock lock;
    private final Path work;
    private final CuratedSource source;
    private final BufferedWriter body;
    private final SortedMap<String, Long> reasons = new TreeMap<>();
    private final List<Removal> first = new ArrayList<>();
    private long removed;

    private CurationStep(Path directory, String name, Map<String, ?> settings, boolean dry) throws IOException {
        requireName(name);
        this.name = name;
        this.settings = new TreeMap<>(settings);
        steps = new CurationSteps(directory);
        // A wrong directory is refused before anything is made in it; the source is opened under the lock.
        Manifest.read(directory);
        lock = dry ? null : CurationLock.take(steps.folder());
        CuratedSource opened = null;
        boolean whole = false;
        try {
            opened = CuratedSource.open(directory);
            source = opened;
            if (!dry) {
                removeWork(steps.folder());
            }
            work = dry ? Files.createTempDirectory("gv-" + name) : Files.createTempDirectory(steps.folder(), WORK);
            body = Files.newBufferedWriter(work.resolve("removals"));
            whole = true;
        } finally {
            if (!whole) {
                closeAll(opened, lock);
            }
        }
    }

    private static void closeAll(@Nullable CuratedSource source, @Nullable CurationLock lock) {
        if (source != null) {
            source.close();
        }
        if (lock != null) {
            lock.close();
        }
    }

    /**
     * Begins a step.
     *
     * @param directory of shards
     * @param name lower-case words with hyphens
     * @param settings what the step is told, for the record
     * @param dry whether to leave everything as it is
     * @throws IllegalArgumentException if it is no directory of shards, or another step is at work on it
     */
    public static CurationStep begin(Path directory, String name, Map<String, ?> settings, boolean dry) {
        try {
            return new CurationStep(directory, name, settings, dry);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot begin a curation step on " + directory, e);
        }
    }

    /**
     * What a step did.
     *
     * @param step its name
     * @param list name of its list; null if it was dry or removed nothing
     * @param examples that it saw
     * @param removed of them
     * @param reasons removals by reason
     * @param first a few removals
     */
    public record Outcome(
            String step,
            @Nullable String list,
            long examples,
            long removed,
            SortedMap<String, Long> reasons,
            List<Removal> first) {}

    /** The directory of shards. */
    public Path directory() {
        return steps.directory();
    }

    /** What the step sees. */
    public CuratedSource source() {
        return source;
    }

    /** A folder for intermediate files, which goes when the step is over. */
    Path work() {
        return work;
    }

    /**
     * Removes an example, once.
     *
     * @param index in {@link #source}
     * @param id of that example
     */
    void remove(long index, String id, String reason, Map<String, ?> evidence) {
        Removal removal = new Removal(source.shardIndex(index), id, reason, evidence);
        try {
            body.write(RemovalList.JSON.writeValueAsString(removal));
            body.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write a removal to " + work, e);
        }
        removed++;
        reasons.merge(reason, 1L, Long::sum);
        if (first.size() < SHOWN) {
            first.add(removal);
        }
    }

    /**
     * Puts the list in its place, whole or not at all. A step that removed nothing, or is dry, leaves no list.
     *
     * @throws IllegalArgumentException if nothing would be left, and the step is not dry
     */
    public Outcome finish() {
        if (lock != null && removed > 0 && removed == source.size()) {
            throw new IllegalArgumentException(
                    "%s would remove all %d examples, such as %s: %s; nothing was changed, choose other settings"
                            .formatted(
                                    name,
                                    removed,
                                    first.get(0).id(),
                                    first.get(0).reason()));
        }
        try {
            body.close();
            String list = lock == null || removed == 0 ? null : publish(lock);
            return new Outcome(name, list, source.size(), removed, reasons, first);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the removals of " + name, e);
        }
    }

    private String publish(CurationLock held) throws IOException {
        held.requireHeld();
        RemovalList.Header header =
                new RemovalList.Header(name, settings, source.manifestHash(), source.hash(), source.size(), removed);
        Path whole = work.resolve("list");
        Files.writeString(whole, RemovalList.JSON.writeValueAsString(header) + "\n", StandardCharsets.UTF_8);
        try (FileChannel from = FileChannel.open(work.resolve("removals"), StandardOpenOption.READ);
                FileChannel to = FileChannel.open(whole, StandardOpenOption.APPEND)) {
            long done = 0;
            while (done < from.size()) {
                done += from.transferTo(done, from.size() - done, to);
            }
            to.force(true);
        }
        String list = "%03d-%s".formatted(steps.nextNumber(), name);
        Files.move(whole, steps.folder().resolve(list + CurationSteps.ENDING), StandardCopyOption.ATOMIC_MOVE);
        return list;
    }

    static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The name of a step must be lower-case words with hyphens: " + name);
        }
    }

    /** What a killed step left behind. */
    private static void removeWork(Path folder) throws IOException {
        List<Path> left;
        try (Stream<Path> entries = Files.list(folder)) {
            left = entries.filter(entry -> String.valueOf(entry.getFileName()).startsWith(WORK))
                    .toList();
        }
        for (Path entry : left) {
            MoreFiles.deleteRecursively(entry, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    @Override
    public void close() {
        try {
            body.close();
            MoreFiles.deleteRecursively(work, RecursiveDeleteOption.ALLOW_INSECURE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove " + work, e);
        } finally {
            closeAll(source, lock);
        }
    }
}

package org.generalvision.data.label;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The mappings in a directory of labels: its log of merges, and what follows from it, {@value LabelDirectory#MAPPING} (one row for
 * each merge that holds) and {@value LabelDirectory#COVERAGE}. Each file changes whole or not at all, and the log first: if a
 * change is cut short, {@link #replay} makes the others again.
 */
public final class LabelMappings {
    private static final String LOCK = "merges.lock";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final LabelDirectory directory;
    private final LabelSystem labels;

    /** The mappings of a directory to its label system. */
    public LabelMappings(LabelDirectory directory, LabelSystem labels) {
        this.directory = directory;
        this.labels = labels;
    }

    public MergeLog log() {
        return MergeLog.read(directory.resolve(LabelDirectory.LOG));
    }

    /** What the log comes to now. */
    public Coverage coverage() {
        return Coverage.of(labels, log().replay().values());
    }

    /** Makes again what follows from the log. */
    public Coverage replay() {
        return change(log -> log);
    }

    /**
     * Takes over the mappings that hold in another log, for example after the label system was imported anew.
     *
     * @throws IllegalArgumentException if a data set is mapped here already, or a concept is not in this label system
     */
    public Coverage replay(Path otherLog) {
        if (!Files.isRegularFile(otherLog)) {
            throw new IllegalArgumentException("There is no log " + otherLog);
        }
        Collection<DataMapping> others = MergeLog.read(otherLog).replay().values();
        return change(log -> {
            MergeLog joined = log;
            for (DataMapping other : others) {
                if (joined.replay().containsKey(other.name())) {
                    throw new IllegalArgumentException("data set %s is mapped in %s already; undo that mapping first"
                            .formatted(other.name(), directory));
                }
                joined = joined.with(List.of(
                                new MergeEntry.Data(0, other.name(), other.hash(), other.examples(), directory.hash())))
                        .with(List.copyOf(other.labels().values()));
            }
            return joined;
        });
    }

    /**
     * Replaces the log by one that begins with it, and what follows from it.
     *
     * @throws IllegalArgumentException if another process is changing it, or an entry does not fit the label system
     */
    public Coverage change(UnaryOperator<MergeLog> step) {
        try (FileChannel channel =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock(channel);
            MergeLog before = log();
            MergeLog after = step.apply(before);
            Map<String, DataMapping> mappings = after.replay();
            Coverage coverage = Coverage.of(labels, mappings.values());
            if (after.entries().size() > before.entries().size()) {
                write(LabelDirectory.LOG, after.text());
            }
            write(LabelDirectory.MAPPING, table(mappings.values()));
            write(LabelDirectory.COVERAGE, JSON.writeValueAsString(coverage) + "\n");
            return coverage;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write the coverage as JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot change the mappings in " + directory, e);
        }
    }

    /** The lock ends with the channel. */
    private void lock(FileChannel channel) throws IOException {
        @Nullable FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new IllegalArgumentException(
                    "another process is changing the mappings in %s; try again when it has ended".formatted(directory));
        }
    }

    private void write(String name, String text) {
        LabelDirectory.replace(directory.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    private String table(Collection<DataMapping> mappings) {
        StringBuilder table = new StringBuilder("data,label,examples,concept,name,rule,entry\n");
        for (DataMapping mapping : mappings) {
            for (MergeEntry.Merge merge : mapping.of(MergeEntry.Merge.class)) {
                table.append(Csv.line(
                        merge.data(),
                        merge.label(),
                        merge.examples(),
                        merge.concept(),
                        labels.name(labels.find(merge.concept()).orElseThrow()),
                        merge.rule().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        merge.entry()));
            }
        }
        return table.toString();
    }

    /**
     * Writes what is left for a person to decide of a data set, a table that {@link HandMapping} reads once its column {@code
     * concept} is filled.
     */
    public static void writeOpenTable(Path file, Coverage.DataSet data) {
        StringBuilder table = new StringBuilder("label,concept,examples,why,choices\n");
        data.ambiguousLabels().forEach(open -> table.append(row(open, "ambiguous")));
        data.lostLabels().forEach(open -> table.append(row(open, "lost")));
        TextFile.write(file, table.toString());
    }

    private static String row(Coverage.Open open, String why) {
        String choices = open.choices().stream()
                .map(choice -> "%s %s: %s".formatted(choice.concept(), choice.name(), choice.description()))
                .reduce((a, b) -> a + " | " + b)
                .orElse("");
        return Csv.line(open.label(), "", open.examples(), why, choices);
    }
}

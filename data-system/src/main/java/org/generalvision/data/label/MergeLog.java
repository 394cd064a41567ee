package org.generalvision.data.label;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All merges ever made, as JSON lines in their order. The log only grows; what holds now follows from it alone, so it can
 * be undone step by step and replayed. Immutable: each change is another log.
 *
 * @param entries numbered from 1
 */
public record MergeLog(List<MergeEntry> entries) {
    static final MergeLog EMPTY = new MergeLog(List.of());

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .build();

    public MergeLog {
        entries = List.copyOf(entries);
    }

    /**
     * Reads a log; none is an empty one.
     *
     * @throws IllegalArgumentException if a line is no entry, is out of order, or refers to what is not there
     */
    public static MergeLog read(Path file) {
        if (!Files.exists(file)) {
            return EMPTY;
        }
        List<MergeEntry> entries = new ArrayList<>();
        for (String line : TextFile.read(file).lines().toList()) {
            try {
                MergeEntry entry = JSON.readValue(line, MergeEntry.class);
                if (entry.entry() != entries.size() + 1) {
                    throw new IllegalArgumentException("its entry is %d".formatted(entry.entry()));
                }
                entries.add(entry);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(
                        "%s, line %d is no entry of a log of merges: %s"
                                .formatted(file, entries.size() + 1, e.getOriginalMessage()),
                        e);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "%s, line %d: %s".formatted(file, entries.size() + 1, e.getMessage()), e);
            }
        }
        MergeLog log = new MergeLog(entries);
        try {
            log.replay();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(file, e.getMessage()), e);
        }
        return log;
    }

    /** The log as a file holds it. */
    String text() {
        StringBuilder text = new StringBuilder();
        try {
            for (MergeEntry entry : entries) {
                text.append(JSON.writerFor(MergeEntry.class).writeValueAsString(entry))
                        .append('\n');
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write an entry as JSON", e);
        }
        return text.toString();
    }

    /** This log with more entries, which get the next numbers. */
    MergeLog with(List<? extends MergeEntry> more) {
        List<MergeEntry> all = new ArrayList<>(entries);
        more.forEach(entry -> all.add(entry.at(all.size() + 1)));
        return new MergeLog(all);
    }

    /**
     * Takes back one entry.
     *
     * @param entry number of a merge, a drop or an undo that has not been taken back
     */
    public MergeLog undo(int entry) {
        if (entry < 1 || entry > entries.size()) {
            throw new IllegalArgumentException("there is no entry %d: the log has %d".formatted(entry, entries.size()));
        }
        if (undone()[entry]) {
            throw new IllegalArgumentException("entry %d is undone already".formatted(entry));
        }
        MergeLog changed = with(List.of(new MergeEntry.Undo(0, entry)));
        changed.replay();
        return changed;
    }

    /** Takes back the whole mapping of a data set. */
    public MergeLog drop(String data) {
        if (!replay().containsKey(data)) {
            throw new IllegalArgumentException("data set %s is not mapped here; mapped are: %s"
                    .formatted(data, String.join(", ", replay().keySet())));
        }
        return with(List.of(new MergeEntry.Drop(0, data)));
    }

    /**
     * What holds after all entries, by name of the data set.
     *
     * @throws IllegalArgumentException if an entry refers to what is not there
     */
    public Map<String, DataMapping> replay() {
        boolean[] undone = undone();
        Map<String, MergeEntry.Data> data = new LinkedHashMap<>();
        Map<String, Map<String, MergeEntry.About>> labels = new LinkedHashMap<>();
        for (MergeEntry entry : entries) {
            boolean holds = !undone[entry.entry()];
            if (entry instanceof MergeEntry.Data begun && holds) {
                if (data.putIfAbsent(begun.data(), begun) != null) {
                    throw new IllegalArgumentException(
                            "entry %d begins data set %s, which is mapped already; undo that mapping first"
                                    .formatted(entry.entry(), begun.data()));
                }
                labels.put(begun.data(), new LinkedHashMap<>());
            } else if (entry instanceof MergeEntry.About about) {
                Map<String, MergeEntry.About> known = labels.get(about.data());
                if (known != null && holds) {
                    known.put(about.label(), about);
                } else if (known != null) {
                    // A label whose merge was taken back is still there, and open.
                    known.putIfAbsent(
                            about.label(),
                            new MergeEntry.Lost(
                                    about.entry(), about.data(), about.label(), about.examples(), List.of()));
                } else if (holds) {
                    throw new IllegalArgumentException("entry %d is about data set %s, which no entry begins"
                            .formatted(entry.entry(), about.data()));
                }
            }
        }
        Map<String, DataMapping> mappings = new LinkedHashMap<>();
        data.forEach((name, begun) -> mappings.put(
                name, new DataMapping(name, begun.hash(), begun.examples(), labels.getOrDefault(name, Map.of()))));
        return mappings;
    }

    /** Which entries are taken back, by number: from the end, since whoever takes back comes later and may be taken back. */
    private boolean[] undone() {
        boolean[] undone = new boolean[entries.size() + 1];
        for (int number = entries.size(); number >= 1; number--) {
            if (undone[number]) {
                continue;
            }
            MergeEntry entry = entries.get(number - 1);
            if (entry instanceof MergeEntry.Undo undo) {
                checkUndo(undo, undone);
                undone[undo.undoes()] = true;
            } else if (entry instanceof MergeEntry.Drop drop) {
                for (MergeEntry earlier : entries.subList(0, number - 1)) {
                    undone[earlier.entry()] |= dataOf(earlier).equals(drop.data());
                }
            }
        }
        return undone;
    }

    private void checkUndo(MergeEntry.Undo undo, boolean[] undone) {
        if (undo.undoes() < 1 || undo.undoes() >= undo.entry()) {
            throw new IllegalArgumentException(
                    "entry %d undoes %d, which is not before it".formatted(undo.entry(), undo.undoes()));
        }
        if (undone[undo.undoes()]) {
            throw new IllegalArgumentException("entry %d is undone already".formatted(undo.undoes()));
        }
        MergeEntry target = entries.get(undo.undoes() - 1);
        if (!(target instanceof MergeEntry.Merge
                || target instanceof MergeEntry.Drop
                || target instanceof MergeEntry.Undo)) {
            throw new IllegalArgumentException(
                    "entry %d merges nothing; undo a merge, or the whole data set by its name"
                            .formatted(undo.undoes()));
        }
    }

    /** The data set that an entry is about; for an undo, that of the entry at the end of its chain of undos. */
    private String dataOf(MergeEntry entry) {
        MergeEntry target = entry;
        while (target instanceof MergeEntry.Undo undo && undo.undoes() >= 1 && undo.undoes() < undo.entry()) {
            target = entries.get(undo.undoes() - 1);
        }
        if (target instanceof MergeEntry.Data data) {
            return data.data();
        }
        if (target instanceof MergeEntry.Drop drop) {
            return drop.data();
        }
        return target instanceof MergeEntry.About about ? about.data() : "";
    }
}

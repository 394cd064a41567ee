package org.generalvision.data.label;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * One line of the log of merges. Lines are numbered from 1 and never change; what a line did is taken back by a later one.
 * No line holds a time, so the same commands write the same log.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "op")
@JsonSubTypes({
    @JsonSubTypes.Type(value = MergeEntry.Data.class, name = "data"),
    @JsonSubTypes.Type(value = MergeEntry.Merge.class, name = "merge"),
    @JsonSubTypes.Type(value = MergeEntry.Ambiguous.class, name = "ambiguous"),
    @JsonSubTypes.Type(value = MergeEntry.Lost.class, name = "lost"),
    @JsonSubTypes.Type(value = MergeEntry.Undo.class, name = "undo"),
    @JsonSubTypes.Type(value = MergeEntry.Drop.class, name = "drop")
})
public sealed interface MergeEntry {
    /** Number of the line, from 1. */
    int entry();

    /** This entry as another line. */
    MergeEntry at(int line);

    /** An entry about one label of a data set. */
    sealed interface About extends MergeEntry {
        /** Name of the data set. */
        String data();

        /** The label as the data set spells it. */
        String label();

        /** Examples that carry it. */
        long examples();
    }

    /**
     * A data set begins to be mapped.
     *
     * @param data its name in this log
     * @param hash of its manifest or file
     * @param examples all its examples, with labels or without
     * @param labels SHA-256 of the label system's concepts
     */
    record Data(int entry, String data, String hash, long examples, String labels) implements MergeEntry {
        @Override
        public MergeEntry at(int line) {
            return new Data(line, data, hash, examples, labels);
        }
    }

    /** A label is merged into a concept. */
    record Merge(int entry, String data, String label, long examples, String concept, Rule rule) implements About {
        @Override
        public MergeEntry at(int line) {
            return new Merge(line, data, label, examples, concept, rule);
        }
    }

    /** A label could be any of several concepts, the more common first. */
    record Ambiguous(int entry, String data, String label, long examples, List<String> candidates) implements About {
        public Ambiguous {
            candidates = List.copyOf(candidates);
        }

        @Override
        public MergeEntry at(int line) {
            return new Ambiguous(line, data, label, examples, candidates);
        }
    }

    /** A label names no concept. */
    record Lost(int entry, String data, String label, long examples, List<Suggestion> suggestions) implements About {
        public Lost {
            suggestions = List.copyOf(suggestions);
        }

        @Override
        public MergeEntry at(int line) {
            return new Lost(line, data, label, examples, suggestions);
        }
    }

    /** Takes back one earlier merge, drop or undo. */
    record Undo(int entry, int undoes) implements MergeEntry {
        @Override
        public MergeEntry at(int line) {
            return new Undo(line, undoes);
        }
    }

    /** Takes back the whole mapping of a data set. */
    record Drop(int entry, String data) implements MergeEntry {
        @Override
        public MergeEntry at(int line) {
            return new Drop(line, data);
        }
    }
}

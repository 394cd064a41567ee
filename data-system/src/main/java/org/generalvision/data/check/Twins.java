package org.generalvision.data.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.generalvision.data.example.Fault;
import org.generalvision.data.source.GroupedRecords;
import org.jspecify.annotations.Nullable;

/**
 * Brings examples together that have one id, or images of the same bytes, in memory that does not grow with their number.
 *
 * <p>Labels of a source exclude each other if none of its images has more than one and none says what is absent: a data set of
 * classes. Only there can equal images contradict each other by their labels.
 */
final class Twins implements AutoCloseable {
    private static final char SEPARATOR = '\0';

    private final GroupedRecords ids = new GroupedRecords();
    private final GroupedRecords contents = new GroupedRecords();
    private final Set<String> severalLabels = new HashSet<>();

    /** An image of another split; all of them come before the first that is checked. */
    void addOther(String content, String id, String split) {
        if (!content.isEmpty()) {
            add(contents, content, new Entry(true, id, split, ""));
        }
    }

    void add(ExampleCheck.Judgement judgement) {
        if (judgement.labels().size() > 1 || judgement.absent()) {
            severalLabels.add(judgement.source());
        }
        add(ids, judgement.id(), null);
        if (!judgement.content().isEmpty()) {
            String label = judgement.labels().size() == 1 ? judgement.labels().get(0) : "";
            add(contents, judgement.content(), new Entry(false, judgement.id(), judgement.source(), label));
        }
    }

    private static void add(GroupedRecords records, String key, @Nullable Entry entry) {
        try {
            records.add(key, entry == null ? new byte[0] : entry.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to the temporary folder: " + e.getMessage(), e);
        }
    }

    /**
     * What is known of an image.
     *
     * @param other whether it is one of another split
     * @param origin its source, or the other split
     * @param label the only one, or empty
     */
    private record Entry(boolean other, String id, String origin, String label) {
        private static final int FIELDS = 4;

        byte[] bytes() {
            return String.join(String.valueOf(SEPARATOR), other ? "o" : "", plain(id), plain(origin), plain(label))
                    .getBytes(StandardCharsets.UTF_8);
        }

        private static String plain(String text) {
            return text.replace(SEPARATOR, ' ');
        }

        static Entry of(byte[] bytes) {
            List<String> fields =
                    List.of(new String(bytes, StandardCharsets.UTF_8).split(String.valueOf(SEPARATOR), FIELDS));
            return new Entry(!fields.get(0).isEmpty(), fields.get(1), fields.get(2), fields.get(3));
        }
    }

    /** Says what is found; nothing can be added then. */
    void report(Findings findings, Hierarchy hierarchy) {
        try {
            ids.drain(new Ids(findings));
            contents.drain(new Contents(findings, hierarchy));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the temporary folder: " + e.getMessage(), e);
        }
    }

    private static final class Ids implements GroupedRecords.Receiver {
        private final Findings findings;
        private @Nullable String last;

        Ids(Findings findings) {
            this.findings = findings;
        }

        @Override
        public void take(String id, byte[] value) {
            if (id.equals(last)) {
                findings.add(Fault.DUPLICATE_ID, id, "an earlier example has this id");
            }
            last = id;
        }
    }

    private final class Contents implements GroupedRecords.Receiver {
        private final Findings findings;
        private final Hierarchy hierarchy;
        private @Nullable String last;
        private @Nullable Entry other;
        private @Nullable Entry first;

        Contents(Findings findings, Hierarchy hierarchy) {
            this.findings = findings;
            this.hierarchy = hierarchy;
        }

        @Override
        public void take(String content, byte[] value) {
            if (!content.equals(last)) {
                other = null;
                first = null;
            }
            last = content;
            Entry entry = Entry.of(value);
            if (entry.other()) {
                other = entry;
                return;
            }
            if (other != null) {
                findings.add(Fault.SPLIT_LEAK, entry.id(), "is %s of %s".formatted(other.id(), other.origin()));
            }
            if (first == null) {
                first = entry;
                return;
            }
            findings.add(Fault.DUPLICATE_IMAGE, entry.id(), "is the image of " + first.id());
            if (disagree(first, entry)) {
                findings.add(
                        Fault.EQUAL_IMAGES_DISAGREE,
                        entry.id(),
                        "is '%s', but %s is the same image and '%s'"
                                .formatted(entry.label(), first.id(), first.label()));
            }
        }

        private boolean disagree(Entry a, Entry b) {
            return a.origin().equals(b.origin())
                    && !severalLabels.contains(a.origin())
                    && !a.label().isEmpty()
                    && !b.label().isEmpty()
                    && !hierarchy.isSameOrAbove(a.label(), b.label())
                    && !hierarchy.isSameOrAbove(b.label(), a.label());
        }
    }

    @Override
    public void close() {
        try (ids;
                contents) {
            severalLabels.clear();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove temporary files", e);
        }
    }
}

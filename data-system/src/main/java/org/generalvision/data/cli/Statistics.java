package org.generalvision.data.cli;

import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.generalvision.data.example.Example;

/** What the examples of a directory have in common, counted one by one. */
final class Statistics {
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final SortedMap<String, Long> labels = new TreeMap<>();
    private final SortedMap<String, Long> languages = new TreeMap<>();
    private final Set<String> distinct = new HashSet<>();
    private long examples;
    private long captions;
    private long singleWord;
    private long words;
    private long maxWords;
    private long bytes;
    private long maxBytes;

    /**
     * All statistics.
     *
     * @param labels examples by label
     */
    record Summary(SortedMap<String, Long> labels, Captions captions, Images images) {}

    /** Captions of all examples; words are what spaces divide. */
    record Captions(
            long count,
            long distinct,
            long singleWord,
            double meanWords,
            long maxWords,
            SortedMap<String, Long> languages) {}

    /** Encoded sizes. */
    record Images(long meanBytes, long maxBytes) {}

    void add(Example example) {
        examples++;
        bytes += example.image().remaining();
        maxBytes = Math.max(maxBytes, example.image().remaining());
        new HashSet<>(example.labels()).forEach(label -> labels.merge(label, 1L, Long::sum));
        for (Example.Caption caption : example.captions()) {
            int length = SPACE.split(caption.text().strip()).length;
            captions++;
            distinct.add(caption.text());
            words += length;
            singleWord += length == 1 ? 1 : 0;
            maxWords = Math.max(maxWords, length);
            languages.merge(caption.language(), 1L, Long::sum);
        }
    }

    Summary summary() {
        double meanWords = captions == 0 ? 0 : (double) words / captions;
        return new Summary(
                labels,
                new Captions(captions, distinct.size(), singleWord, meanWords, maxWords, languages),
                new Images(examples == 0 ? 0 : bytes / examples, maxBytes));
    }
}

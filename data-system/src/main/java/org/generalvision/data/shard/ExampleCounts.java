package org.generalvision.data.shard;

import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.example.Example;

/** Examples counted as a manifest counts them. */
public final class ExampleCounts {
    private final SortedMap<String, Long> annotated = new TreeMap<>();
    private final SortedMap<String, Long> sources = new TreeMap<>();
    private final SortedMap<String, Long> licences = new TreeMap<>();

    public void add(Example example) {
        sources.merge(example.source(), 1L, Long::sum);
        licences.merge(example.licence(), 1L, Long::sum);
        countIf(!example.captions().isEmpty(), "captions");
        countIf(!example.labels().isEmpty(), "labels");
        countIf(!example.boxes().isEmpty(), "boxes");
        countIf(!example.masks().isEmpty(), "masks");
        countIf(!example.absentLabels().isEmpty(), "absentLabels");
        countIf(example.depth() != null, "depth");
        countIf(example.hashes() != null, "hashes");
        countIf(example.synthetic(), "synthetic");
    }

    private void countIf(boolean present, String annotation) {
        if (present) {
            annotated.merge(annotation, 1L, Long::sum);
        }
    }

    /** By annotation. */
    public SortedMap<String, Long> annotated() {
        return annotated;
    }

    /** By source. */
    public SortedMap<String, Long> sources() {
        return sources;
    }

    /** By licence. */
    public SortedMap<String, Long> licences() {
        return licences;
    }
}

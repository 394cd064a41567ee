package org.generalvision.data.inspect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.generalvision.data.example.Example;

/** A few examples of each label of images or boxes, the first ones. */
final class LabelPicks {
    private static final int EACH = 7;

    private final Map<String, List<Long>> picks = new HashMap<>();

    void add(long index, Example example) {
        Set<String> labels = new HashSet<>(example.labels());
        example.boxes().forEach(box -> labels.add(box.label()));
        for (String label : labels) {
            List<Long> some = picks.computeIfAbsent(label, key -> new ArrayList<>(EACH));
            if (some.size() < EACH) {
                some.add(index);
            }
        }
    }

    /** Indices of examples with a label. */
    List<Long> of(String label) {
        return picks.getOrDefault(label, List.of());
    }
}

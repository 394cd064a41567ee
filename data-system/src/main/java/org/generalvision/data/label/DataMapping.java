package org.generalvision.data.label;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the labels of one data set stand.
 *
 * @param name of the data set in the log
 * @param hash of its manifest or file
 * @param examples all its examples
 * @param labels what holds for each label now, in the order in which they were met
 */
public record DataMapping(String name, String hash, long examples, Map<String, MergeEntry.About> labels) {
    public DataMapping {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /** The entries of one type. */
    <T extends MergeEntry.About> List<T> of(Class<T> type) {
        return labels.values().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Ids of concepts by the labels that are merged into them. */
    public Map<String, String> merged() {
        Map<String, String> merged = new LinkedHashMap<>();
        of(MergeEntry.Merge.class).forEach(merge -> merged.put(merge.label(), merge.concept()));
        return merged;
    }
}

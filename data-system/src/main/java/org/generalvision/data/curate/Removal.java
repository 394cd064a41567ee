package org.generalvision.data.curate;

import com.google.common.collect.ImmutableSortedMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * One example that a step took out.
 *
 * @param index its number in the shards, whatever other steps removed
 * @param id its id
 * @param reason why, in a few words that many removals share
 * @param evidence what shows it: numbers and texts by name, such as the id of the twin that was kept and the distance to it
 */
public record Removal(long index, String id, String reason, SortedMap<String, Object> evidence) {
    public Removal {
        if (index < 0) {
            throw new IllegalArgumentException("index must not be negative: " + index);
        }
        evidence = ImmutableSortedMap.copyOf(evidence);
    }

    Removal(long index, String id, String reason, Map<String, ?> evidence) {
        this(index, id, reason, (SortedMap<String, Object>) ImmutableSortedMap.<String, Object>copyOf(evidence));
    }
}

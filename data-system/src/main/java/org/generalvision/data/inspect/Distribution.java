package org.generalvision.data.inspect;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many values fall into ranges, of which the last has no end. */
final class Distribution {
    private final long[] starts;
    private final long[] counts;

    /**
     * No values yet.
     *
     * @param starts the smallest value of each range, ascending; smaller values count in the first
     */
    Distribution(long... starts) {
        this.starts = starts.clone();
        counts = new long[starts.length];
    }

    void add(double value) {
        int found = Arrays.binarySearch(starts, (long) Math.floor(value));
        counts[Math.max(0, found >= 0 ? found : -found - 2)]++;
    }

    /** Counts by the name of the range, such as {@code 3}, {@code 4-7} or {@code 64+}; without empty ranges at the ends. */
    Map<String, Long> counts() {
        int first = 0;
        int last = counts.length - 1;
        while (first < last && counts[first] == 0) {
            first++;
        }
        while (last > first && counts[last] == 0) {
            last--;
        }
        Map<String, Long> named = new LinkedHashMap<>();
        for (int i = first; i <= last && counts[first] > 0; i++) {
            named.put(name(i), counts[i]);
        }
        return named;
    }

    private String name(int range) {
        if (range == starts.length - 1) {
            return starts[range] + "+";
        }
        long end = starts[range + 1] - 1;
        return starts[range] == end ? Long.toString(end) : starts[range] + "-" + end;
    }
}

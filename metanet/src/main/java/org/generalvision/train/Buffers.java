package org.generalvision.train;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.TreeMap;

/**
 * Arrays of an objective that are not parameters and that a resume needs. The arrays are live: the checkpoint reads them
 * when it is written and copies into them when it is read.
 *
 * @param arrays by name, sorted
 */
public record Buffers(Map<String, NDArray> arrays) {
    public Buffers {
        arrays = java.util.Collections.unmodifiableMap(new TreeMap<>(arrays));
    }

    public static Buffers none() {
        return new Buffers(Map.of());
    }
}

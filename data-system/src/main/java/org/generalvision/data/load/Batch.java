package org.generalvision.data.load;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/**
 * One batch: named arrays whose first axis is the sample, and the ids of its samples.
 *
 * <p>Names in use: {@code image} and {@code image2} (B, 3, H, W) float32 normalized; {@code text} and {@code text2} (B,
 * L) int64 token ids; {@code label} (B) int64; {@code caption} (B) int64, equal where captions are equal; and those of
 * {@link DenseSamples}.
 *
 * @param step the optimizer step that this batch belongs to, from 0
 * @param epoch the pass over the data, from 0
 * @param ids sample ids (index in the source) in the order of the rows
 * @param arrays by name; they belong to the manager given to {@link BatchSource#next}
 */
public record Batch(long step, long epoch, List<Long> ids, Map<String, NDArray> arrays) {
    public Batch {
        ids = List.copyOf(ids);
        arrays = Map.copyOf(arrays);
    }

    /** Number of samples. */
    public int size() {
        return ids.size();
    }

    /**
     * An array by name.
     *
     * @throws IllegalArgumentException if the batch has none of that name
     */
    public NDArray get(String name) {
        NDArray array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException("The batch has no array " + name + ", only " + arrays.keySet());
        }
        return array;
    }

    public boolean has(String name) {
        return arrays.containsKey(name);
    }
}

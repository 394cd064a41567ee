package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import java.util.HashMap;
import java.util.Map;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.TakingTurns;

/**
 * A batch of one of the data sets that take turns.
 *
 * @param dataSet its name
 * @param own the batch with the names of the data set's format
 */
public record DataSetBatch(String dataSet, Batch own) {
    /** Of a batch whose arrays carry the name of the data set before theirs. */
    public static DataSetBatch of(Batch batch) {
        String first = batch.arrays().keySet().iterator().next();
        String name = first.substring(0, first.indexOf(TakingTurns.SEPARATOR));
        Map<String, NDArray> arrays = new HashMap<>();
        batch.arrays().forEach((key, array) -> arrays.put(key.substring(name.length() + 1), array));
        return new DataSetBatch(name, new Batch(batch.step(), batch.epoch(), batch.ids(), arrays));
    }
}

package org.generalvision.data.spark;

import com.google.common.collect.AbstractIterator;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.curate.Look;
import org.generalvision.data.curate.Scan;
import org.generalvision.data.curate.Twins;
import org.jspecify.annotations.Nullable;

/**
 * Some examples in a row that one task looks at.
 *
 * @param directory of shards, which every executor sees under this name
 * @param hash of what is left of it
 * @param from the first
 * @param to after the last
 */
record ExampleRange(String directory, String hash, long from, long to) implements Serializable {
    /** What is found of each example, in order. */
    Iterator<byte[]> finds(Look look) {
        return new Finds(look, false);
    }

    /** The records of what is found, without those of examples of which nothing is. */
    Iterator<byte[]> records(Look look) {
        return new Finds(look, true);
    }

    /** Reads the examples one after another; closed when the task is over, however it ends. */
    private final class Finds extends AbstractIterator<byte[]> {
        private final boolean records;
        private final CuratedSource source;
        private final Scan.Worker<byte[]> worker;
        private long next = from;

        Finds(Look look, boolean records) {
            this.records = records;
            source = CuratedSource.open(Path.of(directory));
            worker = look.worker();
            TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> {
                worker.close();
                source.close();
            });
            if (!source.hash().equals(hash)) {
                throw new IllegalArgumentException(
                        "%s has changed since the step began, or is another directory on an executor; run it again"
                                .formatted(directory));
            }
        }

        @Override
        protected byte @Nullable [] computeNext() {
            while (next < to) {
                byte[] find = worker.apply(source.get(next));
                long index = next++;
                if (!records) {
                    return find;
                }
                if (find.length > 0) {
                    return Twins.record(find, index);
                }
            }
            return endOfData();
        }
    }
}

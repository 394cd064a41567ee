package org.generalvision.data.plan;

import java.util.ArrayDeque;
import java.util.Queue;
import org.generalvision.data.curate.RecordSorter;

/**
 * How often the sorter of exact duplicates touches its records.
 *
 * @param records to be sorted
 */
record ExternalSort(long records) {
    /** SHA-256, number of annotations and index. */
    static final int RECORD_BYTES = 32 + Integer.BYTES + Long.BYTES;

    /** Sorted runs on disk; none if all records fit into memory. */
    long runs() {
        return records < RecordSorter.RUN_RECORDS
                ? 0
                : (records + RecordSorter.RUN_RECORDS - 1) / RecordSorter.RUN_RECORDS;
    }

    /**
     * How often a record is read from a run and merged, on average. The oldest runs are merged as long as there are more than the last
     * merge takes, so not all records take part in each pass.
     */
    double passes() {
        long runs = runs();
        if (runs == 0) {
            return 0;
        }
        Queue<Long> sizes = new ArrayDeque<>();
        for (long i = 0; i < runs; i++) {
            sizes.add(1L);
        }
        long merged = 0;
        while (sizes.size() > RecordSorter.FAN_IN) {
            long size = 0;
            for (int i = 0; i < RecordSorter.FAN_IN; i++) {
                size += sizes.remove();
            }
            sizes.add(size);
            merged += size;
        }
        return 1 + (double) merged / runs;
    }

    double diskBytes() {
        return runs() == 0 ? 0 : (double) records * RECORD_BYTES;
    }
}

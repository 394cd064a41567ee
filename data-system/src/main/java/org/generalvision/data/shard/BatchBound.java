package org.generalvision.data.shard;

/** Where record batches end: a rule that depends on sizes alone, so that it is the same for who writes and for who plans. */
final class BatchBound {
    /** Large enough that headers cost little, small enough that writing holds little memory. */
    private static final long BYTES = 4L << 20;

    private static final int ROWS = 4096;

    private final long fullBytes;
    private int rows;
    private long bytes;

    BatchBound(long shardBytes) {
        fullBytes = Math.min(BYTES, shardBytes);
    }

    /** Rows of the batch that is open. */
    int rows() {
        return rows;
    }

    /** Whether the open batch has to end before an example of a size. */
    boolean endsBefore(long size) {
        return rows > 0 && bytes + size > BYTES;
    }

    void add(long size) {
        rows++;
        bytes += size;
    }

    /** Whether the open batch ends here, whatever comes next. */
    boolean isFull() {
        return rows == ROWS || bytes >= fullBytes;
    }

    /** Begins a new batch. */
    void clear() {
        rows = 0;
        bytes = 0;
    }
}

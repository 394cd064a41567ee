package org.generalvision.data.load;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Memory for batches, used again and again: allocating it is slow, and the collector gives direct buffers back late. There
 * is as much of it as batches are prefetched plus batches whose manager is still open.
 */
final class BatchMemoryPool {
    private final List<Field> fields;
    private final int batchSize;
    private final ConcurrentLinkedQueue<BatchMemory> free = new ConcurrentLinkedQueue<>();

    BatchMemoryPool(List<Field> fields, int batchSize) {
        this.fields = List.copyOf(fields);
        this.batchSize = batchSize;
    }

    BatchMemory take() {
        BatchMemory memory = free.poll();
        return memory == null ? new BatchMemory(fields, batchSize) : memory;
    }

    void giveBack(BatchMemory memory) {
        free.add(memory);
    }

    int numFree() {
        return free.size();
    }
}

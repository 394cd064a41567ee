package org.generalvision.data.load;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory for batches, used again and again: allocating it is slow, and the collector gives direct buffers back late. There
 * is as much of it as batches are prefetched plus batches whose manager is still open.
 */
final class BatchMemoryPool {
    private final List<Field> fields;
    private final int batchSize;
    private final ConcurrentLinkedQueue<BatchMemory> free = new ConcurrentLinkedQueue<>();
    private final AtomicInteger numAllocated = new AtomicInteger();

    BatchMemoryPool(List<Field> fields, int batchSize) {
        this.fields = List.copyOf(fields);
        this.batchSize = batchSize;
    }

    BatchMemory take() {
        BatchMemory memory = free.poll();
        if (memory != null) {
            return memory;
        }
        numAllocated.incrementAndGet();
        return new BatchMemory(fields, batchSize);
    }

    void giveBack(BatchMemory memory) {
        free.add(memory);
    }

    int numAllocated() {
        return numAllocated.get();
    }

    int numFree() {
        return free.size();
    }
}

package org.generalvision.data.load;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A batch in the making: one task for each row, on any worker. Every row has its fixed place, so it does not matter who
 * finishes first.
 */
final class PendingBatch {
    private static final Logger log = LoggerFactory.getLogger(PendingBatch.class);

    private final long number;
    private final long epoch;
    private final long[] samples;
    private final BatchMemory memory;
    private final List<FutureTask<@Nullable Unreadable>> tasks = new ArrayList<>();
    private volatile boolean dropped;

    PendingBatch(long number, long epoch, long[] samples, BatchMemory memory) {
        this.number = number;
        this.epoch = epoch;
        this.samples = samples;
        this.memory = memory;
    }

    /**
     * Starts the tasks.
     *
     * @param read reads one row, and returns null unless it is unreadable
     */
    void start(Executor workers, IntFunction<@Nullable Unreadable> read) {
        for (int i = 0; i < samples.length; i++) {
            int row = i;
            tasks.add(new FutureTask<@Nullable Unreadable>(() -> dropped ? null : read.apply(row)));
        }
        tasks.forEach(workers::execute);
    }

    /**
     * Waits for all rows.
     *
     * @return the samples that could not be read, in the order of the rows
     */
    List<Unreadable> await() {
        List<Unreadable> unreadable = new ArrayList<>();
        for (FutureTask<@Nullable Unreadable> task : tasks) {
            try {
                Unreadable failure = task.get();
                if (failure != null) {
                    unreadable.add(failure);
                }
            } catch (ExecutionException e) {
                throw unchecked(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for batch " + number, e);
            }
        }
        return unreadable;
    }

    /** Tells tasks that have not begun to do nothing, and waits for those that have, so that the memory is free. */
    void drop() {
        dropped = true;
        for (FutureTask<@Nullable Unreadable> task : tasks) {
            try {
                Uninterruptibles.getUninterruptibly(task);
            } catch (ExecutionException e) {
                log.debug("A row of batch {}, which is dropped, failed", number, e.getCause());
            }
        }
    }

    private static RuntimeException unchecked(ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
            return failure;
        }
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("A loader thread failed", e);
    }

    long number() {
        return number;
    }

    long epoch() {
        return epoch;
    }

    long[] samples() {
        return samples;
    }

    BatchMemory memory() {
        return memory;
    }
}

package org.generalvision.data.shard;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Several shards on their way at a time, since one connection does not fill a line. */
final class ShardTransfer {
    private static final int THREADS = 4;

    private ShardTransfer() {}

    /** What is done with one shard. */
    interface Task {
        void run(int shard) throws IOException;
    }

    /** Runs a task for every shard; after the first failure, which is thrown, no further one begins. */
    static void each(int shards, Task task) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(
                THREADS,
                new ThreadFactoryBuilder()
                        .setNameFormat("transfer-%d")
                        .setDaemon(true)
                        .build());
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < shards; i++) {
                int shard = i;
                running.add(threads.submit(() -> {
                    task.run(shard);
                    return null;
                }));
            }
            for (Future<?> future : running) {
                future.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while shards were transferred", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            threads.shutdownNow();
            Uninterruptibles.awaitTerminationUninterruptibly(threads);
        }
    }

    private static IOException failure(@Nullable Throwable cause) {
        if (cause instanceof IOException io) {
            return io;
        }
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException("A transfer failed", cause);
    }
}

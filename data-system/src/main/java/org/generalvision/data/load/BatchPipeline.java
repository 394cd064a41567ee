package org.generalvision.data.load;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.jspecify.annotations.Nullable;

/**
 * Prepares batches ahead of their use, in the order given. The thread that takes batches also starts them: after each one
 * that it takes, it hands the rows of another to the workers, so there are never more than {@code prefetch} in the making.
 */
final class BatchPipeline implements AutoCloseable {
    /** Batches whose samples a source is told of before they are started: enough for a shard to come from afar. */
    private static final int LOOKAHEAD = 16;

    private final ExampleSource source;
    private final SampleFormat format;
    private final BatchOrder order;
    private final LoaderConfig config;
    private final Quarantine quarantine;
    private final BatchMemoryPool pool;
    private final ExecutorService workers;
    private final ConcurrentLinkedQueue<SampleReader> idleReaders = new ConcurrentLinkedQueue<>();
    private final Deque<PendingBatch> pending = new ArrayDeque<>();
    private long nextToAnnounce;
    private long nextToStart;
    private long nextToTake;
    private long waitNanos;
    private boolean closed;

    BatchPipeline(
            ExampleSource source, SampleFormat format, BatchOrder order, LoaderConfig config, Quarantine quarantine) {
        this.source = source;
        this.format = format;
        this.order = order;
        this.config = config;
        this.quarantine = quarantine;
        this.pool = new BatchMemoryPool(format.fields(), order.batchSize());
        this.workers = Executors.newFixedThreadPool(
                config.workers(),
                new ThreadFactoryBuilder()
                        .setNameFormat("loader-%d")
                        .setDaemon(true)
                        .build());
    }

    synchronized void seek(long batch) {
        if (batch < 0 || batch > order.numBatches()) {
            throw new IllegalArgumentException("batch must lie in [0, %d]: %d".formatted(order.numBatches(), batch));
        }
        dropPending();
        nextToAnnounce = batch;
        nextToStart = batch;
        nextToTake = batch;
    }

    synchronized boolean hasNext() {
        return nextToTake < order.numBatches();
    }

    synchronized Batch next(NDManager manager) {
        if (closed) {
            throw new IllegalStateException("The loader is closed");
        }
        start();
        PendingBatch batch = pending.element();
        List<Unreadable> unreadable = await(batch);
        pending.remove();
        nextToTake++;
        start();
        // From here on the memory belongs to the manager: it comes back when nobody can read the arrays any more.
        manager.attachInternal(NDManager.nextUid(), () -> pool.giveBack(batch.memory()));
        quarantine.add(unreadable);
        return batch(batch, unreadable, manager);
    }

    private List<Unreadable> await(PendingBatch batch) {
        long begin = System.nanoTime();
        try {
            return batch.await();
        } finally {
            waitNanos += System.nanoTime() - begin;
        }
    }

    private void announce() {
        long end = Math.min(order.numBatches(), nextToStart + config.prefetch() + LOOKAHEAD);
        for (; nextToAnnounce < end; nextToAnnounce++) {
            for (long sample : order.samples(nextToAnnounce)) {
                source.prefetch(sample);
            }
        }
    }

    private void start() {
        announce();
        while (pending.size() < config.prefetch() && nextToStart < order.numBatches()) {
            PendingBatch batch =
                    new PendingBatch(nextToStart, order.epoch(nextToStart), order.samples(nextToStart), pool.take());
            batch.start(workers, row -> read(batch, row));
            pending.add(batch);
            nextToStart++;
        }
    }

    /** Runs on a worker. */
    private @Nullable Unreadable read(PendingBatch batch, int row) {
        long sample = batch.samples()[row];
        SampleReader idle = idleReaders.poll();
        SampleReader reader = idle == null ? format.newReader() : idle;
        try {
            Example example = source.get(sample);
            try {
                reader.read(
                        example,
                        new Draws(config.seed(), order.pass(batch.number(), row), sample),
                        batch.memory().row(row));
                return null;
            } catch (UnreadableSampleException e) {
                return new Unreadable(sample, example.id(), String.valueOf(e.getMessage()));
            }
        } finally {
            idleReaders.add(reader);
        }
    }

    /** The batch without its unreadable samples; the others keep their order. */
    private Batch batch(PendingBatch batch, List<Unreadable> unreadable, NDManager manager) {
        Set<Long> leftOut = unreadable.stream().map(Unreadable::sample).collect(Collectors.toSet());
        List<Long> ids = new ArrayList<>();
        for (int row = 0; row < batch.samples().length; row++) {
            long sample = batch.samples()[row];
            if (!leftOut.contains(sample)) {
                if (ids.size() < row) {
                    batch.memory().move(row, ids.size());
                }
                ids.add(sample);
            }
        }
        if (ids.isEmpty()) {
            throw new IllegalArgumentException(
                    "None of the %d samples of batch %d can be read, see %s; repair the data or use larger batches"
                            .formatted(batch.samples().length, batch.number(), quarantine.file()));
        }
        Map<String, NDArray> arrays = new HashMap<>();
        for (Field field : format.fields()) {
            arrays.put(field.name(), field.array(manager, batch.memory().rows(field, ids.size()), ids.size()));
        }
        return new Batch(batch.number(), batch.epoch(), ids, arrays);
    }

    synchronized double waitSeconds() {
        return waitNanos / (double) Duration.ofSeconds(1).toNanos();
    }

    BatchMemoryPool pool() {
        return pool;
    }

    private void dropPending() {
        pending.forEach(PendingBatch::drop);
        pending.forEach(batch -> pool.giveBack(batch.memory()));
        pending.clear();
    }

    /** Ends the workers and waits for them. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        dropPending();
        workers.shutdown();
        Uninterruptibles.awaitTerminationUninterruptibly(workers);
        idleReaders.forEach(SampleReader::close);
        idleReaders.clear();
    }
}

package org.generalvision.data.curate;

import com.google.common.collect.AbstractIterator;
import com.google.common.collect.Iterators;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads all examples of a source with several threads and hands over what they made of them in order. At most a few blocks of
 * examples are in memory at a time.
 *
 * @param <T> what a worker makes of an example
 */
public final class Scan<T> {
    private static final int BLOCK = 256;

    /** Examples that are no views of mapped memory are held while they wait. */
    private static final int HELD_BLOCK = 16;

    private final Iterator<? extends Iterable<Example>> blocks;
    private final int workers;
    private final Supplier<? extends Worker<T>> worker;

    /** Looks at one example after another; one for each thread. */
    public interface Worker<T> extends AutoCloseable {
        T apply(Example example);

        @Override
        default void close() {}
    }

    /** Receives the results in order, on the calling thread. */
    public interface Sink<T> {
        void accept(long index, T result);
    }

    /**
     * A scan that has not begun.
     *
     * @param workers threads
     * @param worker makes a worker for each thread
     */
    Scan(ExampleSource source, int workers, Supplier<? extends Worker<T>> worker) {
        this(new Ranges(source), workers, worker);
    }

    /**
     * A scan of examples that come one after another, from the calling thread.
     *
     * @param worker makes a worker for each thread
     */
    public Scan(Iterator<Example> examples, Supplier<? extends Worker<T>> worker) {
        this(Iterators.partition(examples, HELD_BLOCK), threads(), worker);
    }

    private Scan(Iterator<? extends Iterable<Example>> blocks, int workers, Supplier<? extends Worker<T>> worker) {
        this.blocks = blocks;
        this.workers = workers;
        this.worker = worker;
    }

    /** Blocks of a source, which are read by whoever walks them. */
    private static final class Ranges extends AbstractIterator<Iterable<Example>> {
        private final ExampleSource source;
        private long begun;

        Ranges(ExampleSource source) {
            this.source = source;
        }

        @Override
        protected @Nullable Iterable<Example> computeNext() {
            if (begun >= source.size()) {
                return endOfData();
            }
            long from = begun;
            begun = Math.min(source.size(), begun + BLOCK);
            long to = begun;
            return () -> LongStream.range(from, to).mapToObj(source::get).iterator();
        }
    }

    static int threads() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** Runs to the end; what a worker throws is thrown here. */
    public void run(Sink<T> sink) {
        ExecutorService pool = Executors.newFixedThreadPool(workers, runnable -> {
            Thread thread = new Thread(runnable, "curation");
            thread.setDaemon(true);
            return thread;
        });
        Deque<Worker<T>> idle = new ArrayDeque<>();
        List<Worker<T>> all = new ArrayList<>();
        try {
            for (int i = 0; i < workers; i++) {
                all.add(worker.get());
            }
            idle.addAll(all);
            Deque<Future<List<T>>> pending = new ArrayDeque<>();
            long done = 0;
            while (blocks.hasNext() || !pending.isEmpty()) {
                while (pending.size() < 2 * workers && blocks.hasNext()) {
                    Iterable<Example> block = blocks.next();
                    pending.add(pool.submit(() -> results(block, idle)));
                }
                for (T result : finished(pending.remove())) {
                    sink.accept(done++, result);
                }
            }
        } finally {
            pool.shutdownNow();
            awaitEnd(pool);
            all.forEach(Worker::close);
        }
    }

    private List<T> results(Iterable<Example> block, Deque<Worker<T>> idle) {
        Worker<T> own;
        synchronized (idle) {
            own = idle.remove();
        }
        try {
            List<T> results = new ArrayList<>();
            for (Example example : block) {
                if (Thread.currentThread().isInterrupted()) {
                    break;
                }
                results.add(own.apply(example));
            }
            return results;
        } finally {
            synchronized (idle) {
                idle.add(own);
            }
        }
    }

    private static <T> T finished(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while examples were read", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("A worker failed", e);
        }
    }

    /** The source may be closed after the scan, so no worker may be inside it then. */
    private static void awaitEnd(ExecutorService pool) {
        try {
            while (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
                Thread.onSpinWait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

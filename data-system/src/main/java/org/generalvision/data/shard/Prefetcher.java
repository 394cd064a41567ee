package org.generalvision.data.shard;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens shards ahead of their use, in the order in which they were asked for, so that reading does not wait for downloads. Only
 * so many are open that nobody has touched; the next follows when one is touched.
 */
final class Prefetcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Prefetcher.class);
    private static final int THREADS = 4;

    private final int limit;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS,
            new ThreadFactoryBuilder()
                    .setNameFormat("shards-%d")
                    .setDaemon(true)
                    .build());

    @GuardedBy("this")
    private final Set<LazyShard> wanted = new LinkedHashSet<>();

    /** Being opened, or open and not touched. */
    @GuardedBy("this")
    private final Set<LazyShard> ahead = new HashSet<>();

    @GuardedBy("this")
    private boolean closed;

    /**
     * Opens nothing yet.
     *
     * @param limit shards that may be open before they are touched
     */
    Prefetcher(int limit) {
        this.limit = limit;
    }

    /** Asks for a shard, unless it is open or on its way. */
    synchronized void request(LazyShard shard) {
        if (!closed && !shard.isOpen() && !ahead.contains(shard) && wanted.add(shard)) {
            openNext();
        }
    }

    /** A shard is being read for the first time, so another may be opened. */
    synchronized void touched(LazyShard shard) {
        boolean changed = ahead.remove(shard);
        if (wanted.remove(shard) || changed) {
            openNext();
        }
    }

    @GuardedBy("this")
    private void openNext() {
        for (Iterator<LazyShard> next = wanted.iterator(); !closed && ahead.size() < limit && next.hasNext(); ) {
            LazyShard shard = next.next();
            next.remove();
            ahead.add(shard);
            threads.execute(() -> open(shard));
        }
    }

    /** What fails here fails again, and is told, when somebody reads. */
    private void open(LazyShard shard) {
        try {
            shard.open();
        } catch (RuntimeException e) {
            LOG.debug("A shard could not be opened ahead of its use", e);
            touched(shard);
        }
    }

    /** Waits for what is being opened. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            wanted.clear();
        }
        threads.shutdownNow();
        Uninterruptibles.awaitTerminationUninterruptibly(threads);
    }
}

package org.generalvision.data.shard;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A shard that is opened when it is touched, and again when it was closed to make room for others. A copy that turns out to be
 * damaged is replaced, once. Its users share a lock, so that none has it closed under its hands.
 */
final class LazyShard {
    private final ShardFiles files;
    private final Manifest.Shard entry;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /** Changes under the write lock. */
    private volatile @Nullable MappedShard shard;

    private volatile boolean touched;
    private volatile long lastUse;

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private boolean replaced;

    LazyShard(ShardFiles files, Manifest.Shard entry) {
        this.files = files;
        this.entry = entry;
    }

    /** Opens the shard if need be, and reads of it. */
    <T> T read(Function<MappedShard, T> reading) {
        while (true) {
            MappedShard open = null;
            DamagedShardException damage = null;
            lock.readLock().lock();
            try {
                open = shard;
                if (open != null) {
                    touched = true;
                    lastUse = System.nanoTime();
                    return reading.apply(open);
                }
            } catch (DamagedShardException e) {
                damage = e;
            } finally {
                lock.readLock().unlock();
            }
            if (open != null && damage != null) {
                replace(open, damage);
            } else {
                open();
            }
        }
    }

    /** Opens the shard, though nobody reads it yet. */
    void open() {
        lock.writeLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("The reader of " + files + " is closed");
            }
            if (shard == null) {
                shard = openSound();
                touched = false;
                lastUse = System.nanoTime();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    @GuardedBy("lock")
    private MappedShard openSound() {
        try {
            return files.open(entry);
        } catch (DamagedShardException damage) {
            return renewed(damage);
        }
    }

    private void replace(MappedShard damaged, DamagedShardException damage) {
        lock.writeLock().lock();
        try {
            // Another thread may have replaced it already.
            if (shard == damaged) {
                requireReplaceable(damage);
                closeOpened();
                shard = renewed(damage);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    @GuardedBy("lock")
    private MappedShard renewed(DamagedShardException damage) {
        requireReplaceable(damage);
        replaced = true;
        files.discard(entry);
        return files.open(entry);
    }

    @GuardedBy("lock")
    private void requireReplaceable(DamagedShardException damage) {
        if (replaced || !files.areCopies()) {
            throw damage;
        }
    }

    boolean isOpen() {
        return shard != null;
    }

    /** Whether somebody has read of the shard since it was opened. */
    boolean isTouched() {
        return touched && shard != null;
    }

    long lastUse() {
        return lastUse;
    }

    /** Closes the shard if nobody is reading, and says whether it was open. */
    boolean closeIfIdle() {
        if (!lock.writeLock().tryLock()) {
            return false;
        }
        try {
            return closeOpened();
        } finally {
            lock.writeLock().unlock();
        }
    }

    void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            closeOpened();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private boolean closeOpened() {
        MappedShard open = shard;
        shard = null;
        if (open != null) {
            open.close();
        }
        return open != null;
    }
}

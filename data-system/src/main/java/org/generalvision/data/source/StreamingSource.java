package org.generalvision.data.source;

import com.google.common.collect.AbstractIterator;
import com.google.common.collect.Sets;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A collection that is read from open files; for use by one thread. */
abstract class StreamingSource implements CollectionSource {
    private final Set<Pass> passes = Sets.newIdentityHashSet();

    /** Opens what one iteration reads. */
    abstract Pass begin() throws IOException;

    @Override
    public long size() {
        return UNKNOWN_SIZE;
    }

    @Override
    public final Iterator<Candidate> iterator() {
        return iterator(0);
    }

    @Override
    public final Iterator<Candidate> iterator(long from) {
        try {
            Pass pass = begin();
            pass.whenEnded = () -> passes.remove(pass);
            passes.add(pass);
            pass.skip(from);
            return pass;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the collection", e);
        }
    }

    @Override
    public final void close() {
        List.copyOf(passes).forEach(Pass::end);
    }

    /** One iteration, which holds its files open until it ends. */
    abstract static class Pass extends AbstractIterator<Candidate> implements Closeable {
        private Runnable whenEnded = () -> {};

        /** The next item, or null at the end. */
        abstract @Nullable Candidate read() throws IOException;

        /** Passes over items, as many as there are. */
        void skip(long items) throws IOException {
            long left = items;
            while (left > 0 && read() != null) {
                left--;
            }
        }

        @Override
        protected final @Nullable Candidate computeNext() {
            try {
                Candidate candidate = read();
                if (candidate == null) {
                    end();
                    return endOfData();
                }
                return candidate;
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the collection", e);
            }
        }

        final void end() {
            try {
                close();
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot close the collection", e);
            } finally {
                whenEnded.run();
            }
        }
    }
}

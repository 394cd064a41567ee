package org.generalvision.data.source;

import com.google.common.collect.AbstractIterator;
import java.util.Iterator;
import java.util.Objects;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.curate.PerceptualHash;
import org.generalvision.data.example.Example;
import org.jspecify.annotations.Nullable;

/**
 * A collection whose examples carry the perceptual hash of their image, so that later steps need not decode it again. An image that
 * cannot be read is kept without one, as it would be otherwise.
 */
public record HashedSource(CollectionSource source) implements CollectionSource {
    @Override
    public long size() {
        return source.size();
    }

    @Override
    public Iterator<Candidate> iterator() {
        return iterator(0);
    }

    @Override
    public Iterator<Candidate> iterator(long from) {
        Iterator<Candidate> candidates = source.iterator(from);
        PerceptualHash hash = new PerceptualHash();
        return new AbstractIterator<>() {
            @Override
            protected @Nullable Candidate computeNext() {
                if (!candidates.hasNext()) {
                    hash.close();
                    return endOfData();
                }
                Candidate candidate = candidates.next();
                return candidate instanceof Candidate.Accepted accepted
                        ? new Candidate.Accepted(hashed(accepted.example(), hash))
                        : candidate;
            }
        };
    }

    private static Example hashed(Example example, PerceptualHash hash) {
        try {
            long bits = hash.of(example);
            Example whole = example.withContentHash();
            return whole.toBuilder()
                    .hashes(Objects.requireNonNull(whole.hashes()).withPerceptual(bits))
                    .build();
        } catch (UnreadableSampleException unreadable) {
            return example;
        }
    }

    @Override
    public void close() {
        source.close();
    }
}

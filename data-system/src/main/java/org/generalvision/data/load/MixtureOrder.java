package org.generalvision.data.load;

import java.util.List;
import org.generalvision.data.augment.RandomStream;

/**
 * The endless order of training on a mixture. {@link Apportionment} says whose turn a draw is; a member's own draws follow a
 * new permutation in each of its own passes, so that each of its examples is seen equally often, however large its weight. A
 * draw is computed in constant time from its number, hence a resume continues exactly and the number of workers means
 * nothing.
 */
public final class MixtureOrder implements BatchOrder {
    private static final long PURPOSE = RandomStream.hash("mixture");

    private final Apportionment apportionment;
    private final List<MixedSource.Member> members;
    private final long[] starts;
    private final long batchesPerEpoch;
    private final int batchSize;
    private final long seed;

    /**
     * An order.
     *
     * @param batchSize samples in a batch, at most the draws of an epoch
     * @param seed of the run
     */
    public MixtureOrder(MixedSource.Mixture mixture, int batchSize, long seed) {
        if (batchSize <= 0 || batchSize > mixture.draws()) {
            throw new IllegalArgumentException(
                    "batch size must lie in [1, %d], the draws of an epoch: %d; use smaller batches or more draws"
                            .formatted(mixture.draws(), batchSize));
        }
        this.members = mixture.members();
        this.apportionment = new Apportionment(
                members.stream().map(MixedSource.Member::weight).toList());
        this.batchesPerEpoch = mixture.draws() / batchSize;
        this.batchSize = batchSize;
        this.seed = seed;
        starts = new long[members.size()];
        for (int i = 1; i < starts.length; i++) {
            starts[i] = starts[i - 1] + members.get(i - 1).size();
        }
    }

    /**
     * One draw.
     *
     * @param member whose turn it is
     * @param pass over the member, from 0
     * @param sample index in the source
     */
    public record Draw(int member, long pass, long sample) {}

    /** A draw by its number, from 0 and on through all epochs. */
    public Draw draw(long number) {
        int member = apportionment.memberAt(number);
        long own = apportionment.earlier(number);
        long size = members.get(member).size();
        long pass = own / size;
        Permutation permutation = new Permutation(size, RandomStream.mix(seed, pass, member, PURPOSE));
        return new Draw(member, pass, starts[member] + permutation.at(own % size));
    }

    @Override
    public long batchesPerEpoch() {
        return batchesPerEpoch;
    }

    @Override
    public long numBatches() {
        return Long.MAX_VALUE;
    }

    @Override
    public long epoch(long batch) {
        return batch / batchesPerEpoch;
    }

    @Override
    public long[] samples(long batch) {
        long[] samples = new long[batchSize];
        for (int row = 0; row < batchSize; row++) {
            samples[row] = draw(batch * batchSize + row).sample();
        }
        return samples;
    }

    /** A member smaller than its share comes more than once in an epoch; each time it is augmented anew. */
    @Override
    public long pass(long batch, int row) {
        return draw(batch * batchSize + row).pass();
    }

    @Override
    public int batchSize() {
        return batchSize;
    }
}

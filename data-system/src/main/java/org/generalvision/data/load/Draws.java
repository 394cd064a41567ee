package org.generalvision.data.load;

import org.generalvision.data.augment.RandomStream;

/**
 * The random streams of one sample in one epoch.
 *
 * @param seed of the run
 * @param epoch pass over the data, from 0
 * @param sample index in the source
 */
public record Draws(long seed, long epoch, long sample) {
    /** A new stream for a purpose, always with the same numbers. */
    public RandomStream of(String purpose) {
        return RandomStream.of(seed, epoch, sample, purpose);
    }
}

package org.generalvision.upstream.amateur;

/**
 * CLIP's objective.
 *
 * @param equalCaptionsAreNegatives whether another sample of a batch with the same caption counts as wrong, as published
 * @param chunkSize samples that the towers read at a time, a divisor of the batch size or no less than it; see {@link
 *     org.generalvision.train.ChunkedObjective}
 */
public record ClipConfig(boolean equalCaptionsAreNegatives, int chunkSize) {
    void requireFits(int batchSize) {
        requireChunks(chunkSize, batchSize);
    }

    /** Refuses chunks that are not all alike: a rest of one sample would have no statistics. */
    static void requireChunks(int chunkSize, int batchSize) {
        if (chunkSize < 1 || (chunkSize < batchSize && batchSize % chunkSize != 0)) {
            throw new IllegalArgumentException(("objective.chunkSize must divide data.loader.batchSize, %d, into equal"
                            + " chunks (%d or more: the whole batch at once): %d")
                    .formatted(batchSize, batchSize, chunkSize));
        }
    }
}

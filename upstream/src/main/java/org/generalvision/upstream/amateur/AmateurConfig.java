package org.generalvision.upstream.amateur;

/**
 * DeCLIP's objective.
 *
 * @param weights of the losses
 * @param queueSize texts that a nearest neighbor is looked for among; 65536 as published. Less than the texts of half an epoch
 *     (two for each sample), or a text would mostly meet itself
 * @param equalCaptionsAreNegatives whether another sample of a batch with the same caption counts as wrong, as published
 * @param chunkSize samples that the towers read at a time, a divisor of the batch size or no less than it; see {@link
 *     org.generalvision.train.ChunkedObjective}
 * @param simSiam heads of the image's self-supervision
 * @param masking of the text's self-supervision
 */
public record AmateurConfig(
        LossWeights weights,
        int queueSize,
        boolean equalCaptionsAreNegatives,
        int chunkSize,
        SimSiam.Config simSiam,
        TokenMasking masking) {
    public AmateurConfig {
        if (queueSize < 1) {
            throw new IllegalArgumentException("queueSize must be positive: " + queueSize);
        }
    }

    /** Refuses a queue that holds half an epoch or more, or less than the texts of one batch. */
    void requireFits(long samples, int batchSize) {
        if (weights.nearestNeighbor() == 0) {
            return;
        }
        // Two texts are put in for each sample.
        if (queueSize >= samples) {
            throw new IllegalArgumentException(
                    "queueSize must be less than %d, the texts of half an epoch of %d samples with two views: %d"
                            .formatted(samples, samples, queueSize));
        }
        if (queueSize < batchSize) {
            throw new IllegalArgumentException(
                    "queueSize must be at least the batch size, %d: %d".formatted(batchSize, queueSize));
        }
    }
}

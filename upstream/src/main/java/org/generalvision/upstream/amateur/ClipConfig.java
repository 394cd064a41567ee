package org.generalvision.upstream.amateur;

/**
 * CLIP's objective.
 *
 * @param equalCaptionsAreNegatives whether another sample of a batch with the same caption counts as wrong, as published
 * @param chunkSize samples that the towers read at a time, a divisor of the batch size or no less than it; see {@link
 *     org.generalvision.train.ChunkedObjective}
 */
public record ClipConfig(boolean equalCaptionsAreNegatives, int chunkSize) {}

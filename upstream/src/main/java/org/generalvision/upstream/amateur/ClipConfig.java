package org.generalvision.upstream.amateur;

/**
 * CLIP's objective.
 *
 * @param equalCaptionsAreNegatives whether another sample of a batch with the same caption counts as wrong, as published
 */
public record ClipConfig(boolean equalCaptionsAreNegatives) {}

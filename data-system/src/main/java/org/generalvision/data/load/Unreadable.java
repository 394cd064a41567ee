package org.generalvision.data.load;

/**
 * A sample that had to be left out.
 *
 * @param sample index in the source
 * @param id the example's own name
 * @param reason what is wrong with it
 */
public record Unreadable(long sample, String id, String reason) {}

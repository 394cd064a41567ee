package org.generalvision.search;

import org.jspecify.annotations.Nullable;

/**
 * A candidate that is to be tried.
 *
 * @param logProbability natural logarithm of the probability with which a controller chose it, or null if none did
 */
record Proposal(Tokens tokens, @Nullable Double logProbability) {}

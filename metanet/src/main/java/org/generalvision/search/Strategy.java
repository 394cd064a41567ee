package org.generalvision.search;

import java.util.List;

/** A way of searching that needs no memory but the trials so far, so that it goes on after a kill by reading the journal. */
interface Strategy {
    /**
     * The next candidates.
     *
     * @param history all trials so far
     * @param budget trials of the whole search; no more are proposed
     * @return at least one
     */
    List<Proposal> propose(List<Trial> history, int budget);
}

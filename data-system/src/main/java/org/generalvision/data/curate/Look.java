package org.generalvision.data.curate;

import java.io.Serializable;

/** What a step has to know of each example, found where the example is read; it may travel to another process. */
@FunctionalInterface
public interface Look extends Serializable {
    /** Looks at one example after another, for one thread, and says in bytes what it found. */
    Scan.Worker<byte[]> worker();
}

package org.generalvision.search;

import java.nio.file.Path;
import org.generalvision.train.StopRequest;

/** Finds out how good a candidate is. The search knows nothing of how: networks and data are the evaluator's. */
public interface Evaluator {
    /**
     * Evaluates a candidate. All but the times of the result depends on nothing but the request and {@link #settings}.
     *
     * @param folder does not exist yet; whatever is written goes there
     * @param stop ends the evaluation early
     * @throws java.util.concurrent.CancellationException if it was ended early
     */
    Outcome evaluate(Request request, Path folder, StopRequest stop);

    /** All that a result depends on besides candidate and seed, as text: equal texts promise equal results. */
    String settings(Effort effort);

    /** Seed of the training of every candidate: the same, so that candidates differ by themselves and not by luck. */
    long seed();

    /** Median milliseconds of a forward pass of one picture on this machine, untrained. */
    double latencyMillis(Tokens tokens);

    /** How long a candidate is trained. */
    enum Effort {
        /** As long as a trial of the search allows. */
        PROXY,
        /** Longer, to learn whether the proxy ranks candidates as that does. */
        LONGER
    }

    /** What is to be evaluated: everything a result depends on besides the settings. */
    record Request(Tokens tokens, long seed, Effort effort) {}
}

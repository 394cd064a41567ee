package org.generalvision.search;

import java.util.List;
import java.util.function.BiConsumer;

/** How the candidates of one round are evaluated: here, or by several processes. */
interface Evaluations {
    /**
     * Evaluates all and hands over each result as soon as it and all before it are there.
     *
     * @param requests in the order of the trials
     * @param done takes each result in that order
     */
    void run(List<Evaluator.Request> requests, BiConsumer<Evaluator.Request, Result> done);

    /**
     * A result.
     *
     * @param cached whether it had been there before it was asked for
     */
    record Result(Outcome outcome, boolean cached) {}
}

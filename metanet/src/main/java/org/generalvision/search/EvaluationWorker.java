package org.generalvision.search;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.generalvision.train.StopRequest;

/** Evaluates what a search in another process asks for, for as long as that search goes on. */
public final class EvaluationWorker {
    private final EvaluationStore store;
    private final StopRequest stop;

    /**
     * @param directory run directory of the search
     */
    public EvaluationWorker(Path directory, Evaluator evaluator, StopRequest stop) {
        store = new EvaluationStore(directory.resolve(Search.EVALUATIONS), evaluator);
        this.stop = stop;
    }

    /**
     * Works.
     *
     * @param searchIsAlive asked between evaluations
     * @return number of evaluations made
     * @throws java.util.concurrent.CancellationException if asked to stop
     */
    public int run(BooleanSupplier searchIsAlive) {
        int made = 0;
        while (searchIsAlive.getAsBoolean()) {
            boolean worked = false;
            for (Evaluator.Request request : store.tasks()) {
                SharedEvaluations.requireWanted(stop);
                if (store.tryEvaluate(request, stop)) {
                    made++;
                    worked = true;
                    break;
                }
            }
            if (!worked) {
                SharedEvaluations.requireWanted(stop);
                SharedEvaluations.pause();
            }
        }
        return made;
    }
}

package org.generalvision.search;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import org.generalvision.train.StopRequest;

/** Evaluations one after another in this process, kept nowhere: for evaluators that take no time. */
final class DirectEvaluations implements Evaluations {
    private final Evaluator evaluator;
    private final Path folder;

    DirectEvaluations(Evaluator evaluator, Path folder) {
        this.evaluator = evaluator;
        this.folder = folder;
    }

    @Override
    public void run(List<Evaluator.Request> requests, BiConsumer<Evaluator.Request, Result> done) {
        for (Evaluator.Request request : requests) {
            Outcome outcome = evaluator.evaluate(request, folder, new StopRequest());
            done.accept(request, new Result(outcome, false));
        }
    }
}

package org.generalvision.search;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import org.generalvision.train.StopRequest;

/**
 * Evaluations through an {@link EvaluationStore}: this process works on them itself and leaves to others what they have
 * claimed. Who evaluates what changes no result.
 */
final class SharedEvaluations implements Evaluations {
    static final long POLL_MILLIS = 20;

    private final EvaluationStore store;
    private final StopRequest stop;

    SharedEvaluations(EvaluationStore store, StopRequest stop) {
        this.store = store;
        this.stop = stop;
    }

    @Override
    public void run(List<Evaluator.Request> requests, BiConsumer<Evaluator.Request, Result> done) {
        Set<Evaluator.Request> fresh = new HashSet<>();
        for (Evaluator.Request request : requests) {
            if (store.result(request).isEmpty() && fresh.add(request)) {
                store.post(request);
            }
        }
        int next = 0;
        while (next < requests.size()) {
            Evaluator.Request request = requests.get(next);
            Optional<Outcome> outcome = store.result(request);
            if (outcome.isPresent()) {
                done.accept(request, new Result(outcome.get(), !fresh.remove(request)));
                next++;
            } else if (!evaluateAny(requests.subList(next, requests.size()))) {
                pause();
            }
        }
    }

    private boolean evaluateAny(List<Evaluator.Request> open) {
        for (Evaluator.Request request : open) {
            requireWanted(stop);
            if (store.result(request).isEmpty() && store.tryEvaluate(request, stop)) {
                return true;
            }
        }
        return false;
    }

    static void requireWanted(StopRequest stop) {
        if (stop.requested()) {
            throw new CancellationException("The search was asked to stop");
        }
    }

    static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The search was interrupted");
        }
    }
}

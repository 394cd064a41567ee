package org.generalvision.search;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.train.StopRequest;

/**
 * Answers from a {@link Surrogate} at once. What a search sees is the expected accuracy and chance of the size that the surrogate
 * found, the same whenever a candidate is asked for again: as a training with a fixed seed is.
 */
final class SurrogateEvaluator implements Evaluator {
    private final Surrogate surrogate;
    private final long seed;
    private final Map<Tokens, Double> expected = new HashMap<>();

    /**
     * @param seed of the chance
     */
    SurrogateEvaluator(Surrogate surrogate, long seed) {
        this.surrogate = surrogate;
        this.seed = seed;
    }

    /** The accuracy without chance. */
    double expected(Tokens tokens) {
        return expected.computeIfAbsent(tokens, surrogate::accuracy);
    }

    @Override
    public Outcome evaluate(Request request, Path folder, StopRequest stop) {
        Tokens tokens = request.tokens();
        double chance =
                RandomStream.of(seed, 0, tokens.hashCode(), "proxy noise").nextGaussian();
        double accuracy = Math.min(1, Math.max(0, expected(tokens) + surrogate.noise() * chance));
        return Outcome.of(List.of(new Outcome.Point(1, accuracy)), new Outcome.Time(0, 0));
    }

    @Override
    public String settings(Effort effort) {
        return "surrogate " + seed;
    }

    @Override
    public long seed() {
        return seed;
    }

    @Override
    public double latencyMillis(Tokens tokens) {
        throw new IllegalArgumentException(
                "A table knows no latencies: replay with search.reward.cost=macs and a target in multiply-adds");
    }
}

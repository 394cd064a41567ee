package org.generalvision.search;

import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.generalvision.data.augment.RandomStream;

/** What candidates cost, and which of them are trained at all. */
final class Costs {
    /** How many candidates are drawn for one that the limit admits, before the search gives up. */
    static final int MAX_DRAWS = 10_000;

    private static final int PROBES = 500;

    private final TokenSpace space;
    private final Reward reward;
    private final LatencyTable latencies;

    Costs(TokenSpace space, Reward reward, LatencyTable latencies) {
        this.space = space;
        this.reward = reward;
        this.latencies = latencies;
    }

    TokenSpace space() {
        return space;
    }

    Reward reward() {
        return reward;
    }

    /** In the unit of the reward's target. */
    double of(Tokens tokens) {
        return reward.cost() == Reward.Kind.MACS ? space.size(tokens).macs() : latencies.of(tokens);
    }

    boolean admits(Tokens tokens) {
        return reward.limit() == null || reward.admits(of(tokens));
    }

    /**
     * The first of a stream of draws that the limit admits.
     *
     * @param draw a candidate from the numbers of one attempt
     * @param seed of the search
     * @param trial that the candidate is for
     * @param purpose of the numbers
     */
    Tokens firstAdmitted(Function<RandomGenerator, Tokens> draw, long seed, int trial, String purpose) {
        for (int attempt = 0; attempt < MAX_DRAWS; attempt++) {
            Tokens tokens = draw.apply(RandomStream.of(seed, attempt, trial, purpose));
            if (admits(tokens)) {
                return tokens;
            }
        }
        throw noneDrawn(trial);
    }

    IllegalArgumentException noneDrawn(int trial) {
        return new IllegalArgumentException(
                "reward.limit is %s, and none of %,d candidates drawn for trial %d meets it;"
                                .formatted(words(limit()), MAX_DRAWS, trial)
                        + " raise the limit, or choose a smaller space");
    }

    /**
     * Refuses a limit that no candidate meets: the cheapest is looked for from many points by changing one choice at a time
     * for as long as that lowers the multiply-adds.
     */
    void requireLimitCanBeMet(long seed) {
        if (reward.limit() == null) {
            return;
        }
        Tokens cheapest = cheapest(seed);
        double cost = of(cheapest);
        if (!reward.admits(cost)) {
            throw new IllegalArgumentException(
                    "reward.limit is %s, which no candidate meets: the cheapest found costs %s (%s); raise the limit, or choose"
                                    .formatted(words(limit()), words(cost), space.describe(cheapest))
                            + " a smaller space");
        }
    }

    private double limit() {
        return reward.limit() == null ? Double.POSITIVE_INFINITY : reward.limit();
    }

    private String words(double cost) {
        return reward.cost().words(cost);
    }

    private Tokens cheapest(long seed) {
        Tokens best = space.draw(RandomStream.of(seed, 0, 0, "cheapest"));
        for (int probe = 1; probe < PROBES; probe++) {
            Tokens tokens = space.draw(RandomStream.of(seed, 0, probe, "cheapest"));
            best = macs(tokens) < macs(best) ? tokens : best;
        }
        for (Tokens next = cheaper(best); !next.equals(best); next = cheaper(best)) {
            best = next;
        }
        return best;
    }

    /** The cheapest choice at each position in turn. */
    private Tokens cheaper(Tokens tokens) {
        Tokens best = tokens;
        List<Position> positions = space.positions();
        for (int i = 0; i < positions.size(); i++) {
            for (int choice = 0; choice < positions.get(i).choices().size(); choice++) {
                Tokens other = best.with(i, choice);
                best = macs(other) < macs(best) ? other : best;
            }
        }
        return best;
    }

    private long macs(Tokens tokens) {
        return space.size(tokens).macs();
    }
}

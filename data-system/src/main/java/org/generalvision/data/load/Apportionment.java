package org.generalvision.data.load;

import java.util.Arrays;
import java.util.List;

/**
 * Whose turn each draw is, so that at every moment each member has had its exact share up to less than one draw: after k
 * draws a member of weight w among a total of W has had more than k w / W - 1 and less than k w / W + 1.
 *
 * <p>The order is that of Tijdeman's algorithm (The chairman assignment problem, Discrete Mathematics 32, 1980): among the
 * members that have at least 1 / (2n - 2) of a draw due, the one whose next draw must come first. It repeats after W draws,
 * which are computed once; after that any draw is found in constant time.
 */
public final class Apportionment {
    /** Largest sum of the weights, after division by their greatest common divisor. */
    public static final long MAX_TOTAL = 1_000_000;

    private static final int MAX_MEMBERS = 1000;

    private final long[] weights;
    private final int total;
    private final short[] members;
    /** For each draw of a period the draws that its member has had before it in the period. */
    private final int[] earlier;

    /**
     * The order of some members.
     *
     * @param weights positive; their sum divided by their greatest common divisor is at most {@value #MAX_TOTAL}
     */
    public Apportionment(List<Long> weights) {
        if (weights.isEmpty() || weights.size() > MAX_MEMBERS) {
            throw new IllegalArgumentException(
                    "A mixture must have 1 to %d members: %d".formatted(MAX_MEMBERS, weights.size()));
        }
        long divisor = 0;
        for (long weight : weights) {
            if (weight <= 0) {
                throw new IllegalArgumentException("A weight must be positive: " + weight);
            }
            divisor = gcd(divisor, weight);
        }
        long common = divisor;
        this.weights = weights.stream().mapToLong(weight -> weight / common).toArray();
        // No overflow: each is below the limit before it is added.
        long sum = 0;
        for (long weight : this.weights) {
            sum += Math.min(weight, MAX_TOTAL + 1);
        }
        if (sum > MAX_TOTAL) {
            throw new IllegalArgumentException(
                    "The weights %s sum to more than %d even without their common divisor: round them"
                            .formatted(weights, MAX_TOTAL));
        }
        total = (int) sum;
        members = new short[total];
        earlier = new int[total];
        fill();
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private void fill() {
        int n = weights.length;
        long[] had = new long[n];
        for (int k = 0; k < total; k++) {
            int chosen = n == 1 ? 0 : mostUrgent(k, had);
            members[k] = (short) chosen;
            earlier[k] = (int) had[chosen]++;
        }
    }

    /** All in whole numbers: what is due is in units of 1 / total of a draw. */
    private int mostUrgent(int k, long[] had) {
        long scale = 2L * weights.length - 2;
        int best = -1;
        long bestSlack = 0;
        for (int m = 0; m < weights.length; m++) {
            long due = weights[m] * (k + 1) - total * had[m];
            if (scale * due < total) {
                continue;
            }
            // Draws until the member falls more than 1 - 1 / scale behind, times weight and scale.
            long slack = (scale - 1) * total - scale * due;
            if (best < 0 || slack * weights[best] < bestSlack * weights[m]) {
                best = m;
                bestSlack = slack;
            }
        }
        if (best < 0) {
            throw new IllegalStateException("no member of %s is due at draw %d".formatted(Arrays.toString(weights), k));
        }
        return best;
    }

    /** Draws after which the order repeats: the sum of the weights divided by their greatest common divisor. */
    public int period() {
        return total;
    }

    /** Whose turn a draw is, from 0. */
    public int memberAt(long draw) {
        return members[(int) (draw % total)];
    }

    /** Draws that the same member has had before a draw. */
    public long earlier(long draw) {
        return draw / total * weights[memberAt(draw)] + earlier[(int) (draw % total)];
    }

    /** Draws that a member has had after a number of draws in all. */
    public long count(int member, long draws) {
        long count = draws / total * weights[member];
        for (int k = 0; k < draws % total; k++) {
            count += members[k] == member ? 1 : 0;
        }
        return count;
    }

    /** Part of all draws that a member has, in (0, 1]. */
    public double share(int member) {
        return (double) weights[member] / total;
    }
}

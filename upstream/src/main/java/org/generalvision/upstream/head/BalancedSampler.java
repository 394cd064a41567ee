package org.generalvision.upstream.head;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Draws the anchors or regions of an image that a loss is taken of: foreground up to its share, the rest background (arXiv
 * 1506.01497, section 3.1.3; arXiv 1504.08083, section 2.3). Fewer if there are not enough.
 *
 * @param count most samples of an image
 * @param foreground largest share of foreground, in [0, 1]
 */
public record BalancedSampler(int count, double foreground) {
    public BalancedSampler {
        if (count < 1) {
            throw new IllegalArgumentException("count must be positive: " + count);
        }
        if (!(foreground >= 0 && foreground <= 1)) {
            throw new IllegalArgumentException("foreground must lie in [0, 1]: " + foreground);
        }
    }

    /**
     * Draws without putting back.
     *
     * @param matches as {@link Matcher} gives them
     * @return places: foreground in rising order, then background in rising order
     */
    int[] sample(int[] matches, RandomGenerator random) {
        int[] positives =
                IntStream.range(0, matches.length).filter(i -> matches[i] >= 0).toArray();
        int[] negatives = IntStream.range(0, matches.length)
                .filter(i -> matches[i] == Matcher.BACKGROUND)
                .toArray();
        int[] chosen = draw(positives, (int) (count * foreground), random);
        int[] others = draw(negatives, count - chosen.length, random);
        return IntStream.concat(IntStream.of(chosen), IntStream.of(others)).toArray();
    }

    /** The first steps of a shuffle by Fisher and Yates. */
    private static int[] draw(int[] places, int limit, RandomGenerator random) {
        if (places.length <= limit) {
            return places;
        }
        for (int i = 0; i < limit; i++) {
            int other = random.nextInt(i, places.length);
            int place = places[other];
            places[other] = places[i];
            places[i] = place;
        }
        int[] drawn = Arrays.copyOf(places, limit);
        Arrays.sort(drawn);
        return drawn;
    }
}

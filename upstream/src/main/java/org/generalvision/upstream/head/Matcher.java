package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.Ints;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.generalvision.nn.BoxOps;

/**
 * Which truth each anchor or region belongs to (arXiv 1506.01497, section 3.1.2).
 *
 * @param foreground least overlap (intersection over union) with the truth that it belongs to
 * @param background overlap below which it belongs to none; between the two it is neither and not trained on
 */
public record Matcher(double foreground, double background) {
    /** It belongs to no truth. */
    static final int BACKGROUND = (int) BoxOps.BACKGROUND;

    /** It is not trained on. */
    static final int NEITHER = (int) BoxOps.BETWEEN;

    public Matcher {
        if (!(background >= 0 && background <= foreground && foreground <= 1)) {
            throw new IllegalArgumentException("The overlaps of a matcher must have 0 <= background <= foreground <= 1:"
                    + " background %s, foreground %s".formatted(background, foreground));
        }
    }

    /**
     * For each box the place of its truth, or {@link #BACKGROUND}, or {@link #NEITHER}. Background of which more than half lies in
     * a crowd is neither.
     *
     * @param boxes (N, 4)
     * @param crowds of any class
     * @param rescue whether the boxes that overlap a truth most belong to it even below {@code foreground}
     */
    int[] match(NDArray boxes, Regions truths, Regions crowds, boolean rescue) {
        int[] matches = new int[Math.toIntExact(boxes.getShape().get(0))];
        if (truths.size() == 0) {
            Arrays.fill(matches, BACKGROUND);
        } else {
            NDArray rows = truths.array(boxes.getManager(), boxes.getDataType());
            long[] found =
                    BoxOps.match(boxes, rows, background, foreground, rescue).toLongArray();
            matches = LongStream.of(found).mapToInt(Ints::checkedCast).toArray();
        }
        if (crowds.size() > 0) {
            Regions all = new Regions(ImmutableDoubleArray.copyOf(Numbers.of(boxes)));
            for (int i = 0; i < matches.length; i++) {
                if (matches[i] == BACKGROUND && all.isInside(i, crowds)) {
                    matches[i] = NEITHER;
                }
            }
        }
        return matches;
    }
}

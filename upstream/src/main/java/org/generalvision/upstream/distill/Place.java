package org.generalvision.upstream.distill;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.generalvision.upstream.expert.Features;

/**
 * A place in a network whose feature a student imitates: {@code pooled}, or a map of the backbone by its stride such as {@code
 * stride8}.
 *
 * @param stride pixels per cell, or 0 for the pooled feature
 */
public record Place(int stride) {
    private static final String POOLED = "pooled";
    private static final String STRIDE = "stride";

    public Place {
        if (stride < 0) {
            throw new IllegalArgumentException("stride must not be negative: " + stride);
        }
    }

    /**
     * Reads a place as a recipe writes it.
     *
     * @throws IllegalArgumentException if it is neither {@code pooled} nor {@code strideN}
     */
    public static Place parse(String text) {
        if (text.equals(POOLED)) {
            return new Place(0);
        }
        if (!text.matches(STRIDE + "[1-9][0-9]{0,3}")) {
            throw new IllegalArgumentException("a place is pooled, or a map such as stride8 or stride32, not " + text);
        }
        return new Place(Integer.parseInt(text.substring(STRIDE.length())));
    }

    /** Whether it is the pooled feature. */
    boolean isPooled() {
        return stride == 0;
    }

    /** The feature there: (B, width) if pooled, else (B, width, H, W). */
    NDArray read(Features features) {
        return isPooled() ? features.pooled() : features.maps(List.of(stride)).get(0);
    }

    @Override
    public String toString() {
        return isPooled() ? POOLED : STRIDE + stride;
    }
}

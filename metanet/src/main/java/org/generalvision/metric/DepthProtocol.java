package org.generalvision.metric;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which pixels of a depth map count, and how predictions are bounded first, as bts_eval.py in github.com/cleinc/bts does it.
 *
 * @param near metres: nearer truths do not count, nearer predictions are raised to it
 * @param far metres, the cap: truths further away do not count, predictions are lowered to it; 80 for KITTI, 10 for NYUv2
 * @param crop part of the image that counts
 */
public record DepthProtocol(double near, double far, Crop crop) {
    public DepthProtocol {
        if (!(near > 0 && near < far && far < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "near and far must be finite with 0 < near < far: %s, %s".formatted(near, far));
        }
    }

    /** The part of an image that counts. */
    public enum Crop {
        /** The whole image. */
        NONE(0, 1, 0, 1),
        /** Garg et al., arXiv 1603.04992, for KITTI. */
        GARG(0.40810811, 0.99189189, 0.03594771, 0.96405229),
        /** Eigen et al., arXiv 1406.2283, for NYUv2: rows 45 to 471 and columns 41 to 601 of 480 x 640. */
        EIGEN(45 / 480.0, 471 / 480.0, 41 / 640.0, 601 / 640.0);

        private final double top;
        private final double bottom;
        private final double left;
        private final double right;

        Crop(double top, double bottom, double left, double right) {
            this.top = top;
            this.bottom = bottom;
            this.left = left;
            this.right = right;
        }

        boolean holds(int row, int column, int height, int width) {
            return row >= edge(top, height)
                    && row < edge(bottom, height)
                    && column >= edge(left, width)
                    && column < edge(right, width);
        }

        /** Cut to a whole pixel as the reference does; the little more is for shares of whole pixels that rounding made less. */
        private static int edge(double share, int size) {
            return (int) (share * size + 1e-9);
        }
    }

    /**
     * The errors of one image.
     *
     * @param truths metres, row by row; 0 where unknown
     * @param predicted metres, of the same size; a number wherever the truth counts
     * @return empty if no pixel counts
     * @throws IllegalArgumentException if the sizes differ or a prediction that counts is NaN
     */
    public Optional<DepthErrors> errors(float[] truths, float[] predicted, int height, int width) {
        if (truths.length != (long) height * width || predicted.length != truths.length) {
            throw new IllegalArgumentException("Truth and prediction must have %d x %d pixels: %d and %d"
                    .formatted(height, width, truths.length, predicted.length));
        }
        int[] counted = IntStream.range(0, truths.length)
                .filter(i -> truths[i] > near && truths[i] < far && crop.holds(i / width, i % width, height, width))
                .toArray();
        for (int i : counted) {
            if (Float.isNaN(predicted[i])) {
                throw new IllegalArgumentException(
                        "The predicted depth of pixel (%d, %d) is not a number".formatted(i / width, i % width));
            }
        }
        if (counted.length == 0) {
            return Optional.empty();
        }
        return Optional.of(DepthErrors.of(
                IntStream.of(counted).mapToDouble(i -> truths[i]).toArray(),
                IntStream.of(counted)
                        .mapToDouble(i -> Math.min(Math.max(predicted[i], near), far))
                        .toArray()));
    }
}

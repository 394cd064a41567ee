package org.generalvision.nn;

/**
 * How a box is written as offsets from an anchor (arXiv 1311.2524, appendix C): the shift of the center in units of the
 * anchor's sides, and the logarithms of the ratios of the sides, each times its weight.
 *
 * @param x weight of the horizontal shift
 * @param y weight of the vertical shift
 * @param width weight of the logarithm of the widths' ratio
 * @param height weight of the logarithm of the heights' ratio
 * @param maxLogScale limit of the logarithms when boxes are read from offsets, so that no box explodes
 */
public record BoxCoding(double x, double y, double width, double height, double maxLogScale) {
    /** The limit in use since Detectron: 1000 pixels from an anchor of 16. */
    private static final double COMMON_LIMIT = Math.log(1000.0 / 16);

    public BoxCoding {
        for (double value : new double[] {x, y, width, height, maxLogScale}) {
            if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "Weights and limit of a box coding must be positive and finite: %s, %s, %s, %s, %s"
                                .formatted(x, y, width, height, maxLogScale));
            }
        }
    }

    /** As region proposal networks write them: weights 1. */
    public static BoxCoding ofProposals() {
        return new BoxCoding(1, 1, 1, 1, COMMON_LIMIT);
    }

    /** As Fast R-CNN writes them (arXiv 1504.08083): 10, 10, 5, 5. */
    public static BoxCoding ofRegions() {
        return new BoxCoding(10, 10, 5, 5, COMMON_LIMIT);
    }
}

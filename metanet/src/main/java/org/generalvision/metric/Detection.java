package org.generalvision.metric;

/**
 * An object that a detector claims to see.
 *
 * @param label class, from 0
 * @param score finite; larger is surer
 */
public record Detection(int label, double score, Region region) {
    public Detection {
        if (label < 0) {
            throw new IllegalArgumentException("The label of a detection must not be negative: " + label);
        }
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("The score of a detection must be finite: " + score);
        }
    }
}

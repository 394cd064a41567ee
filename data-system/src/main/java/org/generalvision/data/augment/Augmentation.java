package org.generalvision.data.augment;

import java.util.random.RandomGenerator;

/**
 * A random change of a view after its crop. The kinds are those of MoCo v2 (Chen et al., arXiv:2003.04297), which
 * DeCLIP (Li et al., arXiv:2110.05208) takes over; each works on 8-bit pixels as torchvision's does.
 */
public sealed interface Augmentation permits HorizontalFlip, ColorJitter, Grayscale, GaussianBlur {
    /** Changes the image, or leaves it, as the draws decide. */
    void apply(Canvas canvas, RandomGenerator random);

    /** Refuses what is not a probability. */
    static void requireProbability(double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability must lie in [0, 1]: " + probability);
        }
    }
}

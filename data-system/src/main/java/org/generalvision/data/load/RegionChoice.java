package org.generalvision.data.load;

/**
 * Which proposals of an image are contrasted.
 *
 * @param number regions of an image; 4 in SoCo
 * @param leastVisible least share of a proposal's area, in (0, 1], that must lie in the second view; what lies in it is the region
 * @param jitterProbability chance that a region's box is moved in a view; 0.5 in SoCo
 * @param jitter largest move of each corner coordinate and change of each side, as a share of the side, in [0, 0.5); 0.1 in SoCo
 */
public record RegionChoice(int number, double leastVisible, double jitterProbability, double jitter) {
    public RegionChoice {
        if (number < 1) {
            throw new IllegalArgumentException("number must be positive: " + number);
        }
        if (!(leastVisible > 0 && leastVisible <= 1)) {
            throw new IllegalArgumentException("leastVisible must lie in (0, 1]: " + leastVisible);
        }
        if (!(jitterProbability >= 0 && jitterProbability <= 1)) {
            throw new IllegalArgumentException("jitterProbability must lie in [0, 1]: " + jitterProbability);
        }
        if (!(jitter >= 0 && jitter < 0.5)) {
            throw new IllegalArgumentException("jitter must lie in [0, 0.5): " + jitter);
        }
    }
}

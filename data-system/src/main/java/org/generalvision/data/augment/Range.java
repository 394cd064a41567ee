package org.generalvision.data.augment;

import java.util.random.RandomGenerator;

/** A closed interval of numbers, {@code low <= high}. */
public record Range(double low, double high) {
    public Range {
        if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException(
                    "A range must have finite low <= high: low %s, high %s".formatted(low, high));
        }
    }

    /** The interval around 1 that torchvision's ColorJitter draws from: [max(0, 1 - strength), 1 + strength]. */
    static Range aroundOne(double strength) {
        return new Range(Math.max(0, 1 - strength), 1 + strength);
    }

    /** A uniform draw. */
    public double draw(RandomGenerator random) {
        return low + (high - low) * random.nextDouble();
    }
}

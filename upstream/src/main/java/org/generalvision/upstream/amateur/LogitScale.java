package org.generalvision.upstream.amateur;

/**
 * The learned logarithm of the inverse temperature of the contrastive losses.
 *
 * @param start value before training; CLIP starts at log(1 / 0.07) = 2.6593
 * @param min least value after an update; the start may lie below
 * @param max largest value, at most log(100): CLIP never multiplies a cosine by more than 100
 */
public record LogitScale(double start, double min, double max) {
    private static final double LOG_100 = Math.log(100);

    public LogitScale {
        if (!(max <= LOG_100 + 1e-6)) {
            throw new IllegalArgumentException("max must be at most log(100) = 4.60517: " + max);
        }
        if (!(min <= max)) {
            throw new IllegalArgumentException("min must be at most max, %s: %s".formatted(max, min));
        }
        if (!(start <= max) || Double.isInfinite(start)) {
            throw new IllegalArgumentException("start must be at most max, %s: %s".formatted(max, start));
        }
    }

    double clamp(double value) {
        return Math.min(max, Math.max(min, value));
    }
}

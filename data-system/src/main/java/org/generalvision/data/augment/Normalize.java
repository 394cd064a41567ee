package org.generalvision.data.augment;

import java.util.List;

/**
 * The last step of every view: each channel becomes (value / 255 - mean) / deviation.
 *
 * @param mean of red, green and blue, in [0, 1]
 * @param deviation of red, green and blue, positive
 */
public record Normalize(List<Double> mean, List<Double> deviation) {
    public Normalize {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.size() != Canvas.NUM_CHANNELS || deviation.size() != Canvas.NUM_CHANNELS) {
            throw new IllegalArgumentException(
                    "mean and deviation need three values, red, green, blue: %s and %s".formatted(mean, deviation));
        }
        if (mean.stream().anyMatch(m -> !(m >= 0 && m <= 1))) {
            throw new IllegalArgumentException("mean must lie in [0, 1]: " + mean);
        }
        if (deviation.stream().anyMatch(d -> !(d > 0 && d < Double.POSITIVE_INFINITY))) {
            throw new IllegalArgumentException("deviation must be positive and finite: " + deviation);
        }
    }

    /** What an 8-bit value of a channel (0 red, 1 green, 2 blue) becomes. */
    public float apply(int channel, int value) {
        return (float) ((value / 255.0 - mean.get(channel)) / deviation.get(channel));
    }

    /** All values: 256 of red, then 256 of green, then 256 of blue. */
    float[] table() {
        float[] table = new float[Canvas.NUM_CHANNELS * 256];
        for (int i = 0; i < table.length; i++) {
            table[i] = apply(i / 256, i % 256);
        }
        return table;
    }
}

package org.generalvision.data.scene;

import java.util.random.RandomGenerator;
import org.generalvision.data.augment.Range;

/** Red, green and blue in 0..255. */
record Color(float red, float green, float blue) {

    /** A color of the circle: hue in turns, saturation and value in [0, 1]. */
    static Color ofHsv(double hue, double saturation, double value) {
        return new Color(
                channel(5, hue, saturation, value),
                channel(3, hue, saturation, value),
                channel(1, hue, saturation, value));
    }

    private static float channel(int offset, double hue, double saturation, double value) {
        double k = (offset + 6 * (hue - Math.floor(hue))) % 6;
        return (float) (255 * value * (1 - saturation * Math.max(0, Math.min(1, Math.min(k, 4 - k)))));
    }

    static Color draw(Range hue, Range saturation, Range value, RandomGenerator random) {
        return ofHsv(hue.draw(random), saturation.draw(random), value.draw(random));
    }

    Color towards(Color other, double share) {
        float s = (float) share;
        return new Color(
                red + (other.red - red) * s, green + (other.green - green) * s, blue + (other.blue - blue) * s);
    }

    Color times(double factor) {
        float f = (float) factor;
        return new Color(red * f, green * f, blue * f);
    }

    /** This color through a filter that lets these factors pass. */
    Color filtered(Color factors) {
        return new Color(red * factors.red, green * factors.green, blue * factors.blue);
    }
}

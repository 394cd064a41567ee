package org.generalvision.data.scene;

/** Smooth noise over a plane: random values at whole coordinates, blended in between. */
record Noise(long seed) {

    /** A value in [-1, 1] that changes over about one unit. */
    float at(double x, double y) {
        double left = Math.floor(x);
        double top = Math.floor(y);
        float across = smooth((float) (x - left));
        float down = smooth((float) (y - top));
        long column = (long) left;
        long row = (long) top;
        float above = blend(corner(column, row), corner(column + 1, row), across);
        float below = blend(corner(column, row + 1), corner(column + 1, row + 1), across);
        return blend(above, below, down);
    }

    /** Two octaves: the noise and half as much of twice as fine. */
    float rough(double x, double y) {
        return (at(x, y) + 0.5f * at(2 * x + 17.3, 2 * y + 9.1)) / 1.5f;
    }

    private float corner(long column, long row) {
        long bits = seed + column * 0x9E3779B97F4A7C15L + row * 0xC2B2AE3D27D4EB4FL;
        bits = (bits ^ (bits >>> 32)) * 0xD6E8FEB86659FD93L;
        bits = (bits ^ (bits >>> 32)) * 0xD6E8FEB86659FD93L;
        return (float) (bits >> 40) * 0x1p-23f;
    }

    private static float smooth(float t) {
        return t * t * (3 - 2 * t);
    }

    private static float blend(float a, float b, float share) {
        return a + (b - a) * share;
    }
}

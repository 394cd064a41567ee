package org.generalvision.data.scene;

import java.util.random.RandomGenerator;
import org.generalvision.data.augment.Range;

/**
 * What the ground looks like, in metres of the ground, so that the pattern shrinks with the distance as objects do.
 *
 * @param other second color of tiles and boards
 * @param cell size of a tile, board or spot in metres
 */
record Ground(Pattern pattern, Color color, Color other, double cell, Noise noise) {
    enum Pattern {
        SPOTS,
        TILES,
        BOARDS
    }

    static Ground draw(Range hue, RandomGenerator random) {
        Pattern pattern = Pattern.values()[random.nextInt(Pattern.values().length)];
        Color color = Color.draw(hue, new Range(0.1, 0.6), new Range(0.3, 0.85), random);
        Color other = color.times(0.6 + 0.3 * random.nextDouble());
        double cell = 0.1 + 0.4 * random.nextDouble();
        return new Ground(pattern, color, other, cell, new Noise(random.nextLong()));
    }

    /** The color of a place: metres to the right, metres away. */
    Color at(double across, double depth, Camera camera) {
        // A row of pixels covers this many metres of the ground; a pattern finer than that would flicker.
        double footprint = depth * depth / (camera.focal() * camera.height());
        double contrast = Math.min(1, cell / (2 * footprint));
        double spots = 0.25 * contrast * noise.rough(across / cell * 2, depth / cell * 2);
        double share = contrast * second(across, depth) + (1 - contrast) * average();
        return color.towards(other, share).times(1 + spots * (pattern == Pattern.SPOTS ? 1 : 0.35));
    }

    private double second(double across, double depth) {
        long column = (long) Math.floor(across / cell);
        long row = (long) Math.floor(depth / cell);
        return switch (pattern) {
            case SPOTS -> 0;
            case TILES -> Math.floorMod(column + row, 2L);
            case BOARDS -> Math.floorMod(column, 2L);
        };
    }

    private double average() {
        return pattern == Pattern.SPOTS ? 0 : 0.5;
    }
}

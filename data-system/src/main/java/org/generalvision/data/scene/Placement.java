package org.generalvision.data.scene;

/**
 * Where one object is.
 *
 * @param metres its height
 * @param elevation of its lowest point above the ground, in metres
 * @param depth in metres
 * @param column of its middle
 * @param flipped whether it is mirrored
 * @param gains factors of red, green and blue, 1 for none
 */
record Placement(
        String label,
        Cutout cutout,
        double metres,
        double elevation,
        double depth,
        double column,
        boolean flipped,
        Color gains) {

    /** The object in pixels: its height is focal * metres / depth. */
    Patch seenBy(Camera camera) {
        double top = camera.row(elevation + metres, depth);
        double bottom = camera.row(elevation, depth);
        double half = halfWidth(camera);
        return Patch.of(cutout, top, column - half, bottom, column + half, flipped);
    }

    double halfWidth(Camera camera) {
        return camera.pixels(metres * cutout.aspect(), depth) / 2;
    }

    boolean stands() {
        return elevation == 0;
    }
}

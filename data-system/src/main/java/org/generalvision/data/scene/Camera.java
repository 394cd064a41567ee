package org.generalvision.data.scene;

/**
 * A pinhole camera that looks along the ground (pitch 0). A point x metres to the right, e metres above the ground and Z
 * metres away is seen at column centerX + focal x / Z and row centerY + focal (height - e) / Z, so an object of H metres is
 * focal H / Z pixels high. Rows and columns are continuous: pixel (i, j) covers [i, i + 1] x [j, j + 1].
 *
 * @param focal focal length in pixels
 * @param centerX column of the principal point
 * @param centerY row of the principal point, which is the row of the horizon
 * @param height of the camera above the ground, in metres
 */
record Camera(double focal, double centerX, double centerY, double height) {
    Camera {
        if (!(focal > 0) || !(height > 0)) {
            throw new IllegalArgumentException(
                    "A camera needs a positive focal length and height: %s pixels, %s m".formatted(focal, height));
        }
    }

    /** Size in pixels of a length that stands upright or lies across, at a depth in metres. */
    double pixels(double metres, double depth) {
        return focal * metres / depth;
    }

    /** Depth in metres at which a length has a size in pixels. */
    double depthOf(double metres, double pixels) {
        return focal * metres / pixels;
    }

    /** Row at which a point above the ground is seen. */
    double row(double elevation, double depth) {
        return centerY + focal * (height - elevation) / depth;
    }

    /** Metres to the right of the axis of what is seen at a column. */
    double across(double column, double depth) {
        return (column - centerX) * depth / focal;
    }

    /** Depth in metres of the ground at a row, infinite at the horizon and above. */
    double groundDepth(double row) {
        return row > centerY ? focal * height / (row - centerY) : Double.POSITIVE_INFINITY;
    }

    /** The depths from which on a point is seen in an image of a height: not above its first row, nor below its last. */
    double nearestSeen(double elevation, int imageHeight) {
        double below = height - elevation;
        return below > 0 ? focal * below / (imageHeight - centerY) : -focal * below / centerY;
    }
}

package org.generalvision.data.example;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Pixels of a polygon as COCO's tools count them (rleFrPoly in common/maskApi.c of github.com/cocodataset/cocoapi): the
 * outline is drawn on a grid of fifths of a pixel, and where it crosses the middle of a pixel column, the rows at and below
 * the crossing change between out and in. Self-intersections follow the even-odd rule.
 */
final class PolygonRaster {
    private static final int FIFTHS = 5;
    private static final int MIDDLE = FIFTHS / 2;

    private final int height;
    private final int width;
    /** Numbers of the pixels, column by column, at which the state changes. */
    private int[] changes = new int[64];

    private int numChanges;

    private PolygonRaster(int height, int width) {
        this.height = height;
        this.width = width;
    }

    /** Adds the pixels of one polygon: bit x * height + y is pixel (y, x). */
    static void fill(ImmutableDoubleArray polygon, int height, int width, BitSet pixels) {
        PolygonRaster raster = new PolygonRaster(height, width);
        int points = polygon.length() / 2;
        for (int i = 0; i < points; i++) {
            int next = (i + 1) % points;
            raster.edge(
                    fifths(polygon.get(2 * i)),
                    fifths(polygon.get(2 * i + 1)),
                    fifths(polygon.get(2 * next)),
                    fifths(polygon.get(2 * next + 1)));
        }
        raster.fill(pixels);
    }

    /** Truncates towards zero, left of and above the image too, as the reference does. */
    private static int fifths(double pixels) {
        return (int) (FIFTHS * pixels + 0.5);
    }

    /** Walks an edge in steps of the axis along which it is longer, always from its lower end, so that both ways agree. */
    private void edge(int fromX, int fromY, int toX, int toY) {
        int dx = Math.abs(toX - fromX);
        int dy = Math.abs(toY - fromY);
        boolean flat = dx >= dy;
        boolean backwards = flat ? fromX > toX : fromY > toY;
        int lowX = backwards ? toX : fromX;
        int lowY = backwards ? toY : fromY;
        int highX = backwards ? fromX : toX;
        int highY = backwards ? fromY : toY;
        int steps = Math.max(dx, dy);
        double slope = flat ? (double) (highY - lowY) / dx : (double) (highX - lowX) / dy;
        int x = lowX;
        int y = lowY;
        for (int step = 1; step <= steps; step++) {
            int nextX = flat ? lowX + step : (int) (lowX + slope * step + 0.5);
            int nextY = flat ? (int) (lowY + slope * step + 0.5) : lowY + step;
            cross(x, y, nextX, nextY);
            x = nextX;
            y = nextY;
        }
    }

    private void cross(int x, int y, int nextX, int nextY) {
        int left = Math.min(x, nextX);
        if (x == nextX || left < 0 || left % FIFTHS != MIDDLE || left / FIFTHS >= width) {
            return;
        }
        double row = (Math.min(y, nextY) + 0.5) / FIFTHS - 0.5;
        int first = (int) Math.ceil(Math.min(Math.max(row, 0), height));
        if (numChanges == changes.length) {
            changes = Arrays.copyOf(changes, 2 * numChanges);
        }
        changes[numChanges++] = left / FIFTHS * height + first;
    }

    private void fill(BitSet pixels) {
        Arrays.sort(changes, 0, numChanges);
        for (int i = 0; i < numChanges; i += 2) {
            // An outline that is closed crosses each column an even number of times.
            pixels.set(changes[i], changes[i + 1]);
        }
    }
}

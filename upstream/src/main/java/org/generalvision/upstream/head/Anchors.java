package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * The boxes that region proposals are offsets from (arXiv 1506.01497, section 3.1.1): at each cell of each map one for every pair
 * of ratio and size, around the cell's corner, their sides rounded to even numbers of pixels as in torchvision.
 *
 * @param sizes for each map, the finest first, roots of the areas in pixels; equally many for all maps
 * @param ratios height by width
 */
public record Anchors(List<List<Double>> sizes, List<Double> ratios) {
    public Anchors {
        sizes = sizes.stream().map(List::copyOf).toList();
        ratios = List.copyOf(ratios);
        boolean equal = sizes.stream().mapToInt(List::size).distinct().count() == 1;
        if (!equal || sizes.get(0).isEmpty() || ratios.isEmpty()) {
            throw new IllegalArgumentException(
                    "Anchors need ratios, and sizes for each map, equally many: %s and %s".formatted(ratios, sizes));
        }
        for (double value : ratios) {
            requirePositive("ratio", value);
        }
        for (int map = 0; map < sizes.size(); map++) {
            sizes.get(map).forEach(value -> requirePositive("size", value));
            for (double side : cell(ratios, sizes.get(map))) {
                if (side == 0) {
                    throw new IllegalArgumentException(
                            "Anchors must be at least 2 pixels wide and high: sizes %s, ratios %s"
                                    .formatted(sizes.get(map), ratios));
                }
            }
        }
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("The " + name + " of an anchor must be positive and finite: " + value);
        }
    }

    /** Anchors of each cell. */
    public int perCell() {
        return ratios.size() * sizes.get(0).size();
    }

    /** Refuses another number of maps than there are sizes for. */
    void requireMaps(int count) {
        if (sizes.size() != count) {
            throw new IllegalArgumentException(
                    "There must be sizes of anchors for each of %d maps: %d".formatted(count, sizes.size()));
        }
    }

    /**
     * The anchors of one map, cell by cell, row by row: (height width perCell, 4).
     *
     * @param map which of the maps, from 0
     * @param stride pixels per cell
     */
    NDArray of(int map, int height, int width, int stride, NDManager manager, DataType type) {
        double[] cell = cell(ratios, sizes.get(map));
        double[] all = new double[height * width * cell.length];
        int at = 0;
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                for (int i = 0; i < cell.length; i++) {
                    all[at++] = cell[i] + stride * (i % 2 == 0 ? column : row);
                }
            }
        }
        return manager.create(all, new Shape(all.length / 4, 4)).toType(type, false);
    }

    /** The anchors around the origin. */
    private static double[] cell(List<Double> ratios, List<Double> sizes) {
        double[] boxes = new double[4 * ratios.size() * sizes.size()];
        int at = 0;
        for (double ratio : ratios) {
            for (double size : sizes) {
                double height = Math.sqrt(ratio) * size;
                double width = size / Math.sqrt(ratio);
                boxes[at++] = Math.rint(-width / 2);
                boxes[at++] = Math.rint(-height / 2);
                boxes[at++] = Math.rint(width / 2);
                boxes[at++] = Math.rint(height / 2);
            }
        }
        return boxes;
    }
}

package org.generalvision.upstream.head;

import java.util.BitSet;
import org.generalvision.data.example.Mask;
import org.generalvision.metric.Region;

/**
 * A small mask over a box, put into the image: the center of each pixel is read bilinearly between the centers of the cells, with
 * nothing beyond the box, and belongs to the object from a probability of 0.5 on (as Detectron2 does it).
 */
final class PastedMask {
    private static final double THRESHOLD = 0.5;

    private final double[] cells;
    private final int side;
    private final Region.Box box;

    /**
     * A mask.
     *
     * @param cells probabilities, row by row
     * @param side cells in each direction
     */
    PastedMask(double[] cells, int side, Region.Box box) {
        this.cells = cells;
        this.side = side;
        this.box = box;
    }

    Mask.RunLengths in(int height, int width, int label) {
        BitSet pixels = new BitSet(height * width);
        int right = Math.min(width, (int) Math.ceil(box.x2()));
        int bottom = Math.min(height, (int) Math.ceil(box.y2()));
        for (int x = Math.max(0, (int) box.x1()); x < right; x++) {
            double u = (x + 0.5 - box.x1()) / (box.x2() - box.x1()) * side - 0.5;
            for (int y = Math.max(0, (int) box.y1()); y < bottom; y++) {
                double v = (y + 0.5 - box.y1()) / (box.y2() - box.y1()) * side - 0.5;
                if (read(u, v) >= THRESHOLD) {
                    pixels.set(x * height + y);
                }
            }
        }
        return Mask.RunLengths.of(height, width, pixels, Integer.toString(label), null);
    }

    private double read(double u, double v) {
        int column = (int) Math.floor(u);
        int row = (int) Math.floor(v);
        double right = u - column;
        double down = v - row;
        return (1 - down) * ((1 - right) * cell(row, column) + right * cell(row, column + 1))
                + down * ((1 - right) * cell(row + 1, column) + right * cell(row + 1, column + 1));
    }

    private double cell(int row, int column) {
        boolean inside = row >= 0 && row < side && column >= 0 && column < side;
        return inside ? cells[row * side + column] : 0;
    }
}

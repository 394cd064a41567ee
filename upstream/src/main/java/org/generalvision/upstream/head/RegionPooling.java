package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Ops;
import org.generalvision.nn.RoiAlign;

/**
 * Reads regions from the map of a pyramid that suits their size (arXiv 1612.03144, equation 1), by RoIAlign.
 *
 * @param align bins and samples of a region
 * @param strides of the maps, each double the one before
 * @param canonicalSide a region with this root of its area, in pixels, is read from the map of stride 16; 224 as published
 */
public record RegionPooling(RoiAlign align, List<Integer> strides, double canonicalSide) {
    /** The stride of the canonical region, and its logarithm, the level 4 of the paper. */
    private static final int CANONICAL_LEVEL = 4;

    /** As torchvision has it, so that a side that is a power of two is not put one level too low by rounding. */
    private static final double ROUNDING = 1e-6;

    public RegionPooling {
        strides = List.copyOf(strides);
        if (!(canonicalSide > 0 && canonicalSide < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("canonicalSide must be positive and finite: " + canonicalSide);
        }
    }

    /** Which of the maps a region of this area is read from, from 0. */
    public int map(double area) {
        double level = Math.floor(CANONICAL_LEVEL + log2(Math.sqrt(area) / canonicalSide) + ROUNDING);
        int first = Integer.numberOfTrailingZeros(strides.get(0));
        return (int) Math.min(Math.max(level - first, 0), strides.size() - 1);
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }

    /**
     * Reads the regions of all images.
     *
     * @param maps (B, C, H, W) of each stride; further ones are not read
     * @param regions of each image; at least one in all
     * @return (regions, C, bins, bins), image by image in their order
     */
    public NDArray read(List<NDArray> maps, List<Regions> regions) {
        List<NDArray> read = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int map = 0; map < strides.size(); map++) {
            Share share = new Share();
            int number = 0;
            for (int image = 0; image < regions.size(); image++) {
                Regions own = regions.get(image);
                for (int i = 0; i < own.size(); i++, number++) {
                    if (map(own.area(i)) == map) {
                        share.add(image, own, i);
                        order.add(number);
                    }
                }
            }
            if (!share.images.isEmpty()) {
                read.add(align.forward(
                        maps.get(map),
                        Ints.toArray(share.images),
                        Doubles.toArray(share.boxes),
                        1.0 / strides.get(map)));
            }
        }
        if (read.size() == 1) {
            return read.get(0);
        }
        return inOrder(NDArrays.concat(new NDList(read), 0), order);
    }

    /** Rows that stand in another order put back: row i is that of region order(i). */
    private static NDArray inOrder(NDArray rows, List<Integer> order) {
        long[] places = new long[order.size()];
        for (int i = 0; i < places.length; i++) {
            places[order.get(i)] = i;
        }
        Shape shape = rows.getShape();
        NDArray index = rows.getManager().create(places);
        return Ops.embedding(index, rows.reshape(new Shape(places.length, -1))).reshape(shape);
    }

    /** The regions of one map. */
    private static final class Share {
        private final List<Integer> images = new ArrayList<>();
        private final List<Double> boxes = new ArrayList<>();

        void add(int image, Regions regions, int region) {
            images.add(image);
            boxes.add(regions.x1(region));
            boxes.add(regions.y1(region));
            boxes.add(regions.x2(region));
            boxes.add(regions.y2(region));
        }
    }
}

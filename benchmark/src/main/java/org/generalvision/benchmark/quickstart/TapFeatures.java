package org.generalvision.benchmark.quickstart;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.stream.Collectors;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * What a probe reads of a network: feature maps of several strides, each averaged over the cells of a coarse grid so that it
 * stays known where something was seen, and after them the pooled feature with which the network ends.
 */
final class TapFeatures implements FashionProbe.ImageMap {
    private static final List<Grid> GRIDS = List.of(new Grid("stride4", 6), new Grid("stride8", 3));

    /** How many principal axes of them are probed: with all, held-out training images gain a tenth of a point. */
    static final int AXES = 512;

    private final Backbone backbone;

    /** A feature map by the name of its tap, averaged to {@code size} x {@code size} cells. */
    private record Grid(String tap, int size) {
        String words() {
            return "its map of %s averaged to %d x %d cells".formatted(tap.replace("stride", "stride "), size, size);
        }

        NDArray of(Pass pass) {
            NDArray map = pass.taps().get(tap);
            if (map == null) {
                throw new IllegalStateException("The network has no tap " + tap);
            }
            NDArray cells = Ops.adaptiveAvgPool2d(map, size, size);
            return cells.toType(DataType.FLOAT32, false)
                    .reshape(cells.getShape().get(0), -1);
        }
    }

    TapFeatures(Backbone backbone) {
        this.backbone = backbone;
    }

    /** The grids in words; cached features depend on them. */
    static String description() {
        return GRIDS.toString();
    }

    /** The same for people. */
    static String words() {
        return GRIDS.stream().map(Grid::words).collect(Collectors.joining(", "))
                + " and the pooled feature, standardized and turned to their first "
                + AXES
                + " principal axes";
    }

    /** (B, 3, H, W) to (B, D): the columns of the grids, then those of the pooled feature. */
    @Override
    public NDArray of(NDArray images) {
        Pass pass = Pass.evaluation().withTaps();
        NDArray pooled = backbone.features(images, pass);
        NDList parts = new NDList();
        GRIDS.forEach(grid -> parts.add(grid.of(pass)));
        parts.add(pooled);
        return NDArrays.concat(parts, 1);
    }
}

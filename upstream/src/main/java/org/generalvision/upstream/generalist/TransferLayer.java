package org.generalvision.upstream.generalist;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.upstream.head.MapsLayer;

/**
 * What one level of a target branch takes from one source branch: the sum over the source's levels up to its own ({@code
 * Cross_Conv_HRNet_Layer} of OpenGVLab/gv-benchmark). Children {@code convs.layer1} and so on, as there.
 */
final class TransferLayer extends MapsLayer {
    private final List<TransferPath> paths = new ArrayList<>();

    /**
     * A layer that is not yet initialized.
     *
     * @param levels of both branches, the finest first
     * @param level which of them this is, from 0
     * @param innerNorm see {@link TransferConfig}
     */
    TransferLayer(List<Level> levels, int level, double innerNorm) {
        Level to = levels.get(level);
        for (int k = 0; k <= level; k++) {
            Level from = levels.get(k);
            int halvings = Integer.numberOfTrailingZeros(to.stride() / from.stride());
            paths.add(child(
                    "convs.layer" + (k + 1), new TransferPath(from.channels(), to.channels(), halvings, innerNorm)));
        }
    }

    /**
     * The sum.
     *
     * @param maps (B, C, H, W) of each level of the source
     * @param height of the target's map; networks round odd sides in different ways, so a term of another size is fitted
     */
    NDArray forward(List<NDArray> maps, int height, int width, Pass pass) {
        NDArray sum = fitted(paths.get(0).forward(maps.get(0), pass), height, width);
        for (int k = 1; k < paths.size(); k++) {
            sum = sum.add(fitted(paths.get(k).forward(maps.get(k), pass), height, width));
        }
        return sum;
    }

    private static NDArray fitted(NDArray map, int height, int width) {
        boolean fits = map.getShape().get(2) == height && map.getShape().get(3) == width;
        return fits ? map : Ops.resizeNearest(map, height, width);
    }
}

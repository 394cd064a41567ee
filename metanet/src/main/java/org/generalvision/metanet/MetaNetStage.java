package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;
import org.jspecify.annotations.Nullable;

/**
 * A run of blocks with one operator, behind a module for down-sampling if there is one. Children {@code downsampling}, {@code
 * blocks.0}, {@code blocks.1} and so on.
 */
final class MetaNetStage extends Layer {
    private final @Nullable Layer downsampling;
    private final List<Layer> blocks;

    /**
     * @param in input channels
     * @param dropPaths drop-path rate of each block
     */
    MetaNetStage(Stage stage, int in, List<Double> dropPaths) {
        Layer module = stage.downsampling().newModule(stage.module(in));
        downsampling = module == null ? null : child("downsampling", module);
        List<Layer> list = new ArrayList<>();
        for (int i = 0; i < stage.repeats(); i++) {
            list.add(stage.operator().newBlock(stage.block(in, i, dropPaths.get(i))));
        }
        blocks = children("blocks", list);
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray h = downsampling == null ? x : downsampling.forward(x, pass);
        for (Layer block : blocks) {
            h = block.forward(h, pass);
        }
        return h;
    }
}

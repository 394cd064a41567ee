package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;

/** A run of blocks with one operator. Children {@code blocks.0}, {@code blocks.1} and so on. */
final class MetaNetStage extends Layer {
    private final List<Layer> blocks;

    /**
     * @param in input channels
     * @param firstBlock number of blocks in the stages before
     */
    MetaNetStage(MetaNetConfig config, MetaNetConfig.Stage stage, int in, int firstBlock) {
        List<Layer> list = new ArrayList<>();
        for (int i = 0; i < stage.repeats(); i++) {
            Block block = new Block(
                    i == 0 ? in : stage.channels(),
                    stage.channels(),
                    i == 0 ? stage.stride() : 1,
                    stage.expansion(),
                    config.headWidth(),
                    config.dropPathOf(firstBlock + i));
            list.add(newBlock(stage.operator(), block));
        }
        blocks = children("blocks", list);
    }

    private static Layer newBlock(MetaNetConfig.Operator operator, Block block) {
        return switch (operator) {
            case FUSED_MBCONV -> new FusedMbConv(block);
            case MBCONV -> new MbConv(block);
            case ATTENTION, CROSS_COVARIANCE ->
                newAttentionBlock(block, operator == MetaNetConfig.Operator.CROSS_COVARIANCE);
        };
    }

    private static Layer newAttentionBlock(Block block, boolean crossCovariance) {
        return block.sameShape()
                ? new AttentionBlock(block, crossCovariance)
                : new AttentionTransition(block, crossCovariance);
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray h = x;
        for (Layer block : blocks) {
            h = block.forward(h, pass);
        }
        return h;
    }
}

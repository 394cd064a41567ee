package org.generalvision.bench;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerNorm;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.TransformerBlock;

/** The comparison's network of 5.4 M parameters: MBConv stages, then transformer blocks over 8x8 tokens. */
public final class Hybrid extends Layer {
    private final Conv2d stem = child("stem", new Conv2d(Conv2d.Config.of(3, 32, 3).withStride(2)));
    private final BatchNorm stemNorm = child("stem_norm", new BatchNorm(32));
    private final List<MbConv> stages;
    private final Conv2d embed =
            child("embed", new Conv2d(Conv2d.Config.of(128, 256, 1).withBias()));
    private final List<TransformerBlock> blocks;
    private final LayerNorm norm = child("norm", new LayerNorm(256));
    private final Linear head = child("head", new Linear(256, 100));

    public Hybrid() {
        List<MbConv> convolutions = new ArrayList<>(
                List.of(new MbConv(32, 64, 2), new MbConv(64, 64, 1), new MbConv(64, 128, 2)));
        for (int i = 0; i < 4; i++) {
            convolutions.add(new MbConv(128, 128, 1));
        }
        stages = children("stages", convolutions);
        List<TransformerBlock> transformers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            transformers.add(new TransformerBlock(TransformerBlock.Config.of(256, 8)));
        }
        blocks = children("blocks", transformers);
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray map = Ops.silu(stemNorm.forward(stem.forward(x, pass), pass));
        for (MbConv stage : stages) {
            map = stage.forward(map, pass);
        }
        NDArray tokens = Ops.tokens(embed.forward(map, pass));
        for (TransformerBlock block : blocks) {
            tokens = block.forward(tokens, pass);
        }
        return head.forward(norm.forward(tokens, pass).mean(new int[] {1}), pass);
    }

    /** 1x1 expand, depth-wise 3x3, 1x1 project; batch norm after each, SiLU after the first two. */
    private static final class MbConv extends Layer {
        private final Conv2d expand;
        private final BatchNorm norm1;
        private final Conv2d depthwise;
        private final BatchNorm norm2;
        private final Conv2d project;
        private final BatchNorm norm3;
        private final boolean residual;

        MbConv(int in, int out, int stride) {
            int hidden = 4 * in;
            expand = child("expand", new Conv2d(Conv2d.Config.of(in, hidden, 1)));
            norm1 = child("norm1", new BatchNorm(hidden));
            depthwise = child("depthwise", new Conv2d(Conv2d.Config.depthwise(hidden, 3).withStride(stride)));
            norm2 = child("norm2", new BatchNorm(hidden));
            project = child("project", new Conv2d(Conv2d.Config.of(hidden, out, 1)));
            norm3 = child("norm3", new BatchNorm(out));
            residual = stride == 1 && in == out;
        }

        @Override
        public NDArray forward(NDArray x, Pass pass) {
            NDArray y = Ops.silu(norm1.forward(expand.forward(x, pass), pass));
            y = Ops.silu(norm2.forward(depthwise.forward(y, pass), pass));
            y = norm3.forward(project.forward(y, pass), pass);
            return residual ? x.add(y) : y;
        }
    }
}

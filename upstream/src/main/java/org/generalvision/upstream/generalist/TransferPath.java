package org.generalvision.upstream.generalist;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * One term of a transfer: the map of a source's level brought to the width and the size of the target's level. A map of the same
 * size goes through a 1x1 convolution and a norm; a finer one through a 3x3 convolution of stride 2 and a norm for each halving,
 * with ReLU between them, where only the last one changes the width. Children are numbered as in PyTorch's Sequential.
 */
final class TransferPath extends Layer {
    private static final double DEVIATION = 1e-3;

    private final List<Conv2d> convolutions = new ArrayList<>();
    private final List<BatchNorm> norms = new ArrayList<>();

    /**
     * A path that is not yet initialized.
     *
     * @param halvings how often the map's sides are halved, at least 0
     * @param innerNorm start of the weights of the norms before the last one, whose own weight starts at 0
     */
    TransferPath(int in, int out, int halvings, double innerNorm) {
        if (halvings == 0) {
            append(Conv2d.Config.of(in, out, 1), 0);
        }
        for (int i = 1; i <= halvings; i++) {
            boolean last = i == halvings;
            append(Conv2d.Config.of(in, last ? out : in, 3).withStride(2), last ? 0 : innerNorm);
        }
    }

    private void append(Conv2d.Config config, double normWeight) {
        int place = 3 * norms.size(); // convolution, norm, ReLU
        convolutions.add(child(Integer.toString(place), new Conv2d(config, Init.normal(DEVIATION))));
        norms.add(child(Integer.toString(place + 1), new BatchNorm(config.outChannels(), normWeight, 1e-5)));
    }

    /** (B, in, H, W) to (B, out, H', W') with each side halved, and rounded up, as often as said. */
    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray h = norms.get(0).forward(convolutions.get(0).forward(x, pass), pass);
        for (int i = 1; i < norms.size(); i++) {
            h = norms.get(i).forward(convolutions.get(i).forward(Ops.relu(h), pass), pass);
        }
        return h;
    }
}

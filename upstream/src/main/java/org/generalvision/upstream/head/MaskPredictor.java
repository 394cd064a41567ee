package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.ConvTranspose2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * Twice the size, then a mask of every class: (N, in, 14, 14) to (N, classes + 1, 28, 28). Parameters {@code conv5_mask} and
 * {@code mask_fcn_logits} as in torchvision.
 */
final class MaskPredictor extends Layer {
    private final ConvTranspose2d enlarge;
    private final Conv2d logits;

    MaskPredictor(int in, int hidden, int classes) {
        enlarge = child("conv5_mask", new ConvTranspose2d(in, hidden, 2, HeadInit.reluFanOut()));
        logits = child(
                "mask_fcn_logits",
                new Conv2d(Conv2d.Config.of(hidden, classes + 1, 1).withBias(), HeadInit.reluFanOut()));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        return logits.forward(Ops.reluInPlace(enlarge.forward(x, pass)), pass);
    }
}

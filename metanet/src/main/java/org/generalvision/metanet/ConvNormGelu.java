package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/** Convolution without bias, batch norm, GELU. Children {@code conv}, {@code norm}. */
final class ConvNormGelu extends Layer {
    private final Conv2d conv;
    private final BatchNorm norm;

    ConvNormGelu(Conv2d.Config config) {
        conv = child("conv", Conv2d.withTorchInit(config));
        norm = child("norm", new BatchNorm(config.outChannels()));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        return Ops.gelu(norm.forward(conv.forward(x, pass), pass));
    }
}

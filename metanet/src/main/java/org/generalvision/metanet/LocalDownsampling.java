package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;

/**
 * L-DSM: PW(BN(DW(x))) + PW(MaxPool(x)), without pooling where the map keeps its size. Children {@code local}, {@code
 * shortcut}.
 */
final class LocalDownsampling extends Layer {
    private final StridedConvolution local;
    private final Shortcut shortcut;

    LocalDownsampling(Block block) {
        local = child("local", new StridedConvolution(block));
        shortcut = child("shortcut", Shortcut.ofModule(block));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        return shortcut.forward(x, pass).add(local.forward(x, pass));
    }
}

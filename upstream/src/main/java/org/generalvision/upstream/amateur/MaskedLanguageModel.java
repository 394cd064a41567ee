package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * Text self-supervision: hidden tokens are told from the states of the text tower by a linear map to the vocabulary. The tower
 * is causal, so a hidden token is told from what stands before it. Child {@code head}.
 */
final class MaskedLanguageModel extends Layer {
    private final Linear head;

    MaskedLanguageModel(int width, int vocabularySize) {
        head = child("head", new Linear(width, vocabularySize, true, Init.kaimingUniformFanIn()));
    }

    /** Scores of the vocabulary: (..., W) to (..., vocabulary). */
    @Override
    public NDArray forward(NDArray states, Pass pass) {
        return head.forward(states, pass);
    }

    /**
     * Mean cross entropy over the hidden tokens; 0 if none is hidden.
     *
     * @param states_BLW states of the texts with hidden tokens
     */
    NDArray loss(NDArray states_BLW, MaskedTexts texts, Pass pass) {
        Shape shape = states_BLW.getShape();
        NDArray states = states_BLW.reshape(-1, shape.get(2));
        if (!texts.anyHidden()) {
            // Zero, but still a function of all parameters, so that each has a gradient.
            NDArray first = states_BLW.getManager().create(new long[] {0});
            return Ops.scale(forward(Ops.embedding(first, states), pass).sum(), 0);
        }
        return Ops.crossEntropy(forward(Ops.embedding(texts.places_M(), states), pass), texts.targets_M());
    }
}

package org.generalvision.search;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.generalvision.nn.Activation;
import org.generalvision.nn.Embedding;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerNorm;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.TransformerBlock;

/**
 * The policy and its value baseline: a causal transformer over the choices made so far. Both heads start at 0, so that the first
 * candidates are drawn evenly.
 *
 * <p>Shapes: B candidates, T positions, V entries of the {@link Vocabulary}, D width. The input (B, T), int64, holds at t
 * the entry chosen at t - 1, and the beginning at 0.
 */
final class Controller extends Layer {
    private static final float IMPOSSIBLE = -1e9f;

    private final Embedding embedding;
    private final Parameter place;
    private final List<TransformerBlock> blocks;
    private final LayerNorm norm;
    private final Linear policy;
    private final Linear value;
    private final Parameter mask;

    /**
     * Of each choice that was made.
     *
     * @param logProbability_BT of the choice, in nats
     * @param entropy_BT of the distribution that it was drawn from, in nats
     * @param value_BT expected return before the choice
     */
    record Judgement(NDArray logProbability_BT, NDArray entropy_BT, NDArray value_BT) {}

    Controller(ControllerConfig config, Vocabulary vocabulary) {
        int width = config.width();
        embedding = child("embedding", new Embedding(vocabulary.size() + 1, width, Init.normal(1)));
        place = parameter("place", new Shape(vocabulary.positions(), width), Init.normal(1));
        List<TransformerBlock> list = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            list.add(new TransformerBlock(
                    new TransformerBlock.Config(width, config.heads(), 4 * width, true, Activation.GELU, 0, 0, 0)));
        }
        blocks = children("blocks", list);
        norm = child("norm", new LayerNorm(width));
        policy = child("policy", new Linear(width, vocabulary.size(), true, Init.zeros()));
        value = child("value", new Linear(width, 1, true, Init.zeros()));
        mask = buffer(
                "mask",
                new Shape(vocabulary.positions(), vocabulary.size()),
                (manager, shape, type) ->
                        manager.create(impossible(vocabulary), shape).toType(type, false));
    }

    /** 0 where an entry belongs to the position, a very low number elsewhere. */
    private static float[] impossible(Vocabulary vocabulary) {
        float[] mask = new float[vocabulary.positions() * vocabulary.size()];
        Arrays.fill(mask, IMPOSSIBLE);
        for (int t = 0; t < vocabulary.positions(); t++) {
            int row = t * vocabulary.size() + vocabulary.first(t);
            Arrays.fill(mask, row, row + vocabulary.count(t), 0);
        }
        return mask;
    }

    private NDArray hidden(NDArray before_BT, Pass pass) {
        NDArray x_BTD = embedding.forward(before_BT, pass).add(array(place));
        for (TransformerBlock block : blocks) {
            x_BTD = block.forward(x_BTD, pass);
        }
        return norm.forward(x_BTD, pass);
    }

    private NDArray logProbabilities(NDArray hidden_BTD, Pass pass) {
        return Ops.logSoftmax(policy.forward(hidden_BTD, pass).add(array(mask)), 2);
    }

    /** Logarithms of the probabilities of all entries, (B, T, V). */
    @Override
    public NDArray forward(NDArray before_BT, Pass pass) {
        return logProbabilities(hidden(before_BT, pass), pass);
    }

    /**
     * Looks at finished candidates.
     *
     * @param chosen_BT the entries chosen, int64
     */
    Judgement judge(NDArray before_BT, NDArray chosen_BT, Pass pass) {
        NDArray hidden_BTD = hidden(before_BT, pass);
        NDArray log_BTV = logProbabilities(hidden_BTD, pass);
        NDArray entropy_BT = log_BTV.exp().mul(log_BTV).sum(new int[] {2}).neg();
        return new Judgement(
                Ops.gather(log_BTV, 2, chosen_BT.expandDims(2)).squeeze(2),
                entropy_BT,
                value.forward(hidden_BTD, pass).squeeze(2));
    }
}

package org.generalvision.metanet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerNorm;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * LG-DSM and G-DSM: with queries q = LN(Query(x)), one for each place of the smaller map, and keys and values k, v of all
 * places of the larger one from LN(x), the result is Proj(softmax(q k^T / sqrt(D)) v) + PW(MaxPool(x)). What makes the queries
 * is the only difference. Children {@code query}, {@code query_norm}, {@code norm}, {@code kv} (channels ordered part, head,
 * dimension), {@code proj}, {@code shortcut}.
 *
 * <p>Shapes: B batch, N places before, M places after, C channels after, H heads of D channels.
 */
final class AttentiveDownsampling extends Layer {
    private final int heads;
    private final Layer query;
    private final LayerNorm queryNorm;
    private final LayerNorm norm;
    private final Linear keysAndValues;
    private final Linear proj;
    private final Shortcut shortcut;

    private AttentiveDownsampling(Block block, Layer query) {
        heads = block.out() / block.headWidth();
        this.query = child("query", query);
        queryNorm = child("query_norm", new LayerNorm(block.out()));
        norm = child("norm", new LayerNorm(block.in()));
        keysAndValues = child("kv", new Linear(block.in(), 2 * block.out()));
        proj = child("proj", new Linear(block.out(), block.out()));
        shortcut = child("shortcut", Shortcut.ofModule(block));
    }

    /** LG-DSM: queries see a neighborhood in the map. */
    static AttentiveDownsampling localGlobal(Block block) {
        return new AttentiveDownsampling(block, new StridedConvolution(block));
    }

    /** G-DSM: queries see tokens that follow one another in the row. */
    static AttentiveDownsampling global(Block block) {
        return new AttentiveDownsampling(block, new RowConvolution(block));
    }

    @Override
    public NDArray forward(NDArray x_BCHW, Pass pass) {
        NDArray y_BCHW = shortcut.forward(x_BCHW, pass);
        NDArray q_BMC = queryNorm.forward(Ops.tokens(query.forward(x_BCHW, pass)), pass);
        NDArray kv_BN2C = keysAndValues.forward(norm.forward(Ops.tokens(x_BCHW), pass), pass);
        NDArray q_BHMD = Ops.splitHeads(q_BMC, 1, heads).get(0);
        NDList kv_BHND = Ops.splitHeads(kv_BN2C, 2, heads);
        NDArray a_BHMD = Ops.attention(q_BHMD, kv_BHND.get(0), kv_BHND.get(1), null, pass);
        NDArray a_BMC = proj.forward(a_BHMD.transpose(0, 2, 1, 3).reshape(q_BMC.getShape()), pass);
        Shape map = y_BCHW.getShape();
        return y_BCHW.add(Ops.map(a_BMC, map.get(2), map.get(3)));
    }
}

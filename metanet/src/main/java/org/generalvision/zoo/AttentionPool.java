package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * Attention pooling of CLIP: the mean of the map asks the map (and itself) one question per head. (B, C, H, W) to (B, out).
 * Children {@code q_proj}, {@code k_proj}, {@code v_proj}, {@code c_proj}; parameter {@code positional_embedding} (1 + grid
 * * grid, C), resized bicubically where the map is not grid x grid.
 */
final class AttentionPool extends Layer {
    private final int grid;
    private final int width;
    private final int heads;
    private final Parameter positionalEmbedding;
    private final Linear queries;
    private final Linear keys;
    private final Linear values;
    private final Linear output;

    AttentionPool(int grid, int width, int heads, int out) {
        this.grid = grid;
        this.width = width;
        this.heads = heads;
        // Started as in openai/CLIP: embedding and projections normal with deviation C^-0.5.
        Initializer normal = Init.normal(Math.pow(width, -0.5));
        positionalEmbedding = parameter("positional_embedding", new Shape((long) grid * grid + 1, width), normal);
        keys = child("k_proj", new Linear(width, width, true, normal));
        queries = child("q_proj", new Linear(width, width, true, normal));
        values = child("v_proj", new Linear(width, width, true, normal));
        output = child("c_proj", new Linear(width, out, true, normal));
    }

    @Override
    public NDArray forward(NDArray x_BCHW, Pass pass) {
        pass.visit(this);
        Shape s = x_BCHW.getShape();
        NDArray mean_B1C = Ops.globalAvgPool(x_BCHW).expandDims(1);
        NDArray x_BNC = mean_B1C.concat(Ops.tokens(x_BCHW), 1);
        x_BNC = x_BNC.add(places(x_BCHW, s.get(2), s.get(3)));
        NDArray q = split(queries.forward(Ops.firstToken(x_BNC), pass));
        NDArray k = split(keys.forward(x_BNC, pass));
        NDArray v = split(values.forward(x_BNC, pass));
        NDArray y_BH1D = Ops.attention(q, k, v, null, pass);
        return output.forward(y_BH1D.reshape(s.get(0), width), pass);
    }

    /** (B, N, C) to (B, heads, N, C / heads). */
    private NDArray split(NDArray x_BNC) {
        Shape s = x_BNC.getShape();
        return x_BNC.reshape(s.get(0), s.get(1), heads, width / heads).transpose(0, 2, 1, 3);
    }

    /** The place embedding (1 + height * width, C) of a map; belongs to the manager of {@code owner}. */
    private NDArray places(NDArray owner, long height, long width) {
        NDArray all = array(positionalEmbedding);
        if (height == grid && width == grid) {
            return all;
        }
        return Ops.resizePlaces(owner, all, grid, height, width);
    }
}

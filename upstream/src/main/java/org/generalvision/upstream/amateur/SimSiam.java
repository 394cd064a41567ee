package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.BatchNorm;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * Image self-supervision: each view's feature predicts that of the other view (SimSiam, arXiv 2011.10566, with the sizes of
 * DeCLIP). Children {@code projector} (three linear maps, each with a norm, ReLU between them) and {@code predictor} (two, the
 * hidden one with norm and ReLU).
 */
public final class SimSiam extends Layer {
    private final Projector projector;
    private final Predictor predictor;

    /**
     * Heads that are not yet initialized.
     *
     * @param in width of the image features
     */
    public SimSiam(int in, Config config) {
        projector = child("projector", new Projector(in, config.width()));
        predictor = child("predictor", new Predictor(config.width(), config.bottleneck()));
    }

    /** The prediction made from features: (B, in) to (B, width). */
    @Override
    public NDArray forward(NDArray features, Pass pass) {
        return predictor.forward(projector.forward(features, pass), pass);
    }

    /**
     * -(cos(p1, z2) + cos(p2, z1)) / 2, averaged over the batch; no gradient reaches the predicted side z (arXiv 2011.10566,
     * equations 3 and 4).
     *
     * @param features1 (B, in), not normalized, B at least 2
     * @param features2 those of the other view
     */
    public NDArray loss(NDArray features1, NDArray features2, Pass pass) {
        if (features1.getShape().get(0) < 2) {
            throw new IllegalArgumentException("SimSiam needs at least 2 samples in a batch for its batch norms");
        }
        NDArray z1 = projector.forward(features1, pass);
        NDArray z2 = projector.forward(features2, pass);
        NDArray p1 = predictor.forward(z1, pass);
        NDArray p2 = predictor.forward(z2, pass);
        return Ops.scale(cosine(p1, z2.stopGradient()).add(cosine(p2, z1.stopGradient())), -0.5);
    }

    private static NDArray cosine(NDArray a, NDArray b) {
        return Ops.normalize(a, 1).mul(Ops.normalize(b, 1)).sum(new int[] {1}).mean();
    }

    /**
     * Sizes of the heads; DeCLIP has 1024 and 512.
     *
     * @param width of all layers of the projector and of the prediction
     * @param bottleneck hidden width of the predictor
     */
    public record Config(int width, int bottleneck) {
        public Config {
            if (width < 1) {
                throw new IllegalArgumentException("width must be positive: " + width);
            }
            if (bottleneck < 1) {
                throw new IllegalArgumentException("bottleneck must be positive: " + bottleneck);
            }
        }
    }

    private static Linear linear(int in, int out) {
        return new Linear(in, out, true, Init.kaimingUniformFanIn());
    }

    private static final class Projector extends Layer {
        private final Linear linear1;
        private final BatchNorm norm1;
        private final Linear linear2;
        private final BatchNorm norm2;
        private final Linear linear3;
        private final BatchNorm norm3;

        Projector(int in, int width) {
            linear1 = child("linear1", linear(in, width));
            norm1 = child("norm1", new BatchNorm(width));
            linear2 = child("linear2", linear(width, width));
            norm2 = child("norm2", new BatchNorm(width));
            linear3 = child("linear3", linear(width, width));
            norm3 = child("norm3", new BatchNorm(width));
        }

        @Override
        public NDArray forward(NDArray x, Pass pass) {
            NDArray h = Ops.relu(norm1.forward(linear1.forward(x, pass), pass));
            h = Ops.relu(norm2.forward(linear2.forward(h, pass), pass));
            return norm3.forward(linear3.forward(h, pass), pass);
        }
    }

    private static final class Predictor extends Layer {
        private final Linear linear1;
        private final BatchNorm norm1;
        private final Linear linear2;

        Predictor(int width, int bottleneck) {
            linear1 = child("linear1", linear(width, bottleneck));
            norm1 = child("norm1", new BatchNorm(bottleneck));
            linear2 = child("linear2", linear(bottleneck, width));
        }

        @Override
        public NDArray forward(NDArray z, Pass pass) {
            return linear2.forward(Ops.relu(norm1.forward(linear1.forward(z, pass), pass)), pass);
        }
    }
}

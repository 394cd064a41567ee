package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Init;
import org.generalvision.nn.LossOps;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * Metric depth for each pixel: from the coarsest map to the finest, what was made is enlarged, the next map is added through a 1x1
 * convolution, and a 3x3 convolution with norm and ReLU follows; at the end a sigmoid chooses between the nearest and the farthest
 * depth, evenly in the logarithm. Trained by the scale-invariant error of logarithmic depth (arXiv 1406.2283, equation 4, with the
 * constants of arXiv 1907.10326). Children {@code lateral.0}, {@code smooth.0} and so on, the finest first, and {@code depth}.
 */
public final class DepthHead extends MapsLayer {
    private static final double SHARE = 0.85;
    private static final double FACTOR = 10;

    private final Config config;
    private final List<Conv2d> lateral;
    private final List<ConvUnit> smooth;
    private final Conv2d depth;

    /** A head that is not yet initialized. */
    public DepthHead(TapWidths taps, Config config) {
        this.config = config;
        List<Conv2d> laterals = new ArrayList<>();
        List<ConvUnit> smooths = new ArrayList<>();
        for (int in : taps.of(config.strides)) {
            laterals.add(new Conv2d(Conv2d.Config.of(in, config.width, 1).withBias(), HeadInit.linearFanIn()));
            smooths.add(ConvUnit.norm(Conv2d.Config.of(config.width, config.width, 3)));
        }
        lateral = children("lateral", laterals);
        smooth = children("smooth", smooths);
        depth = child("depth", new Conv2d(Conv2d.Config.of(config.width, 1, 3).withBias(), Init.kaimingUniformFanIn()));
    }

    /**
     * Sizes of the head and limits of what it says.
     *
     * @param strides of the maps that it reads, rising
     * @param width of all its layers
     * @param near least depth in metres
     * @param far largest depth in metres
     */
    public record Config(List<Integer> strides, int width, double near, double far) {
        public Config {
            strides = List.copyOf(strides);
            boolean rising = !strides.isEmpty();
            for (int i = 1; i < strides.size(); i++) {
                rising &= strides.get(i) > strides.get(i - 1);
            }
            if (!rising || width < 1) {
                throw new IllegalArgumentException(
                        "A depth head needs maps of rising strides and a positive width: %s and %d"
                                .formatted(strides, width));
            }
            if (!(near > 0 && near < far && far < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "near and far must be finite with 0 < near < far: %s, %s".formatted(near, far));
            }
        }
    }

    /** Strides of the maps that it reads. */
    public List<Integer> strides() {
        return config.strides;
    }

    /**
     * Natural logarithms of the depth in metres.
     *
     * @param maps (B, C, H, W) of each of {@link #strides}
     * @return (B, height, width)
     */
    public NDArray logDepth(List<NDArray> maps, int height, int width, Pass pass) {
        NDArray h = maps.get(0);
        for (int i = maps.size() - 1; i >= 0; i--) {
            NDArray own = lateral.get(i).forward(maps.get(i), pass);
            NDArray sum = i == maps.size() - 1 ? own : own.add(resizedLike(h, own));
            h = smooth.get(i).forward(sum, pass);
        }
        NDArray score = Ops.resizeBilinear(Ops.widened(depth.forward(h, pass)), height, width);
        double near = Math.log(config.near);
        return Ops.scale(Ops.sigmoid(score.squeeze(1)), Math.log(config.far) - near)
                .add(near);
    }

    private static NDArray resizedLike(NDArray x, NDArray map) {
        return Ops.resizeBilinear(
                x,
                Math.toIntExact(map.getShape().get(2)),
                Math.toIntExact(map.getShape().get(3)));
    }

    /**
     * The loss of a batch: 0.001 if no depth is known.
     *
     * @param maps of {@link #strides}
     * @param metres (B, height, width) in the number format of the maps, 0 where unknown
     */
    public NDArray loss(List<NDArray> maps, NDArray metres, Pass pass) {
        int height = Math.toIntExact(metres.getShape().get(1));
        int width = Math.toIntExact(metres.getShape().get(2));
        return loss(logDepth(maps, height, width, pass), metres);
    }

    /**
     * The same from depths that have been predicted already.
     *
     * @param logDepth (B, height, width)
     */
    public NDArray loss(NDArray logDepth, NDArray metres) {
        return LossOps.scaleInvariantLog(logDepth, metres, SHARE, FACTOR);
    }
}

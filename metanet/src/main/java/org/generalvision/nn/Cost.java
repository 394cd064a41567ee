package org.generalvision.nn;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import com.google.common.collect.Maps;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a network costs, counted by walking its own {@code forward} with arrays that have a shape and no storage, so that
 * even the largest network is counted in milliseconds and without memory.
 *
 * @param parameters trainable elements; buffers such as running statistics are not counted
 * @param macs multiply-adds of convolutions, linear maps and attention products for one pass
 * @param activations elements that those operators write in one pass
 * @param output shape of the result
 * @param stages what lies between the ends of two stages ({@link Pass#stage}), in order
 */
public record Cost(long parameters, long macs, long activations, Shape output, List<Stage> stages) {

    /** The part of a cost up to the end of the stage {@code name}, whose result has the shape {@code output}. */
    public record Stage(String name, Shape output, long parameters, long macs, long activations) {}

    /** Trainable elements of a network that needs not be initialized. */
    public static long parameters(Layer network) {
        return network.parameters().values().stream()
                .filter(p -> !Layer.isBuffer(p))
                .mapToLong(p -> p.getShape().size())
                .sum();
    }

    /**
     * Counts a network.
     *
     * @param network a network that has not been initialized; it is unusable afterwards
     * @param input shape of its input, for example (1, 3, 224, 224)
     */
    public static Cost of(Layer network, Shape input) {
        Tally tally = new Tally();
        Shape output = walk(network, input, Pass.counting(tally), NDArray::getShape);
        return tally.cost(parameters(network), output);
    }

    /**
     * Shapes of all that a network names on its way ({@link Pass#tap}), found in the same way: what dense heads will read.
     *
     * @param network a network that has not been initialized; it is unusable afterwards
     * @param input shape of its input
     */
    public static Map<String, Shape> taps(Layer network, Shape input) {
        Pass pass = Pass.counting(new Tally());
        return walk(network, input, pass, result -> Map.copyOf(Maps.transformValues(pass.taps(), NDArray::getShape)));
    }

    /** What is read off the result before all arrays of the walk are gone. */
    private static <T> T walk(Layer network, Shape input, Pass pass, Function<NDArray, T> read) {
        try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            NDArray seed = manager.zeros(new Shape(1), DataType.FLOAT32);
            for (Parameter parameter : network.parameters().values()) {
                parameter.setInitializer((m, shape, type) -> Ops.withoutStorage(seed, shape));
            }
            network.initialize(manager, DataType.FLOAT32);
            return read.apply(network.forward(Ops.withoutStorage(seed, input), pass));
        }
    }
}

package org.generalvision.upstream.amateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.generalvision.data.augment.RandomStream;

/** Checks gradients in float64 against central differences along random directions. */
public final class Gradients {
    private static final int DIRECTIONS = 20;
    private static final double STEP = 1e-5;

    private Gradients() {}

    /** Normal numbers in float64 that depend on the purpose alone. */
    public static NDArray normal(NDManager manager, String purpose, long... shape) {
        RandomStream random = RandomStream.of(1, 0, 0, purpose);
        double[] values = new double[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return manager.create(values, new Shape(shape));
    }

    public static double scalar(NDArray x) {
        return x.toType(DataType.FLOAT64, false).getDouble();
    }

    /** The gradients of a loss with respect to arrays of float64, in their order. */
    public static List<NDArray> of(List<NDArray> arrays, Supplier<NDArray> loss) {
        arrays.forEach(a -> a.setRequiresGradient(true));
        try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
            collector.backward(loss.get());
        }
        return arrays.stream().map(a -> a.getGradient().duplicate()).toList();
    }

    /** Asserts that the engine's gradient of {@code loss} is that of its values. */
    public static void check(List<NDArray> arrays, Function<List<NDArray>, NDArray> loss) {
        check(arrays, loss, loss);
    }

    /**
     * Asserts that the engine's gradient of {@code loss} is the slope of {@code values}, which differs from it where gradients are
     * stopped on purpose.
     */
    public static void check(
            List<NDArray> arrays, Function<List<NDArray>, NDArray> loss, Function<List<NDArray>, NDArray> values) {
        List<NDArray> gradients = of(arrays, () -> loss.apply(arrays));
        arrays.forEach(a -> a.setRequiresGradient(false));
        assertThat(norm(gradients)).isPositive();
        for (int d = 0; d < DIRECTIONS; d++) {
            String purpose = "direction " + d;
            List<NDArray> directions = arrays.stream()
                    .map(a -> normal(a.getManager(), purpose, a.getShape().getShape()))
                    .toList();
            double length = norm(directions);
            double slope = 0;
            for (int i = 0; i < arrays.size(); i++) {
                slope += gradients.get(i).mul(directions.get(i)).sum().getDouble() / length;
            }
            double difference = (scalar(values.apply(moved(arrays, directions, STEP / length)))
                            - scalar(values.apply(moved(arrays, directions, -STEP / length))))
                    / (2 * STEP);
            // A direction that is nearly square to the gradient has a slope of mostly rounding.
            assertThat(slope).isCloseTo(difference, within(1e-6 * Math.max(Math.abs(slope), 0.01 * norm(gradients))));
        }
    }

    /** Euclidean norm of all arrays together. */
    private static double norm(List<NDArray> arrays) {
        return Math.sqrt(
                arrays.stream().mapToDouble(a -> a.square().sum().getDouble()).sum());
    }

    private static List<NDArray> moved(List<NDArray> arrays, List<NDArray> directions, double step) {
        return IntStream.range(0, arrays.size())
                .mapToObj(i -> arrays.get(i).add(directions.get(i).mul(step)))
                .toList();
    }
}

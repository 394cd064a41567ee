package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;

/** How a parameter starts. Draws come from the engine's generator, which whoever initializes a network seeds first. */
public final class Init {
    private Init() {}

    public static Initializer zeros() {
        return (manager, shape, type) -> manager.zeros(shape, type);
    }

    public static Initializer ones() {
        return (manager, shape, type) -> manager.ones(shape, type);
    }

    public static Initializer constant(double value) {
        return (manager, shape, type) -> manager.ones(shape, type).muli(value);
    }

    /** Normal with mean 0. */
    public static Initializer normal(double deviation) {
        return (manager, shape, type) -> manager.randomNormal(0f, (float) deviation, shape, type);
    }

    /** Uniform in [-bound, bound]. */
    public static Initializer uniform(double bound) {
        return (manager, shape, type) -> manager.randomUniform((float) -bound, (float) bound, shape, type);
    }

    /** Normal with mean 0, cut off at two deviations on either side (drawn by the inverse of the distribution). */
    public static Initializer truncatedNormal(double deviation) {
        // erf(2 / sqrt(2)): the probability mass within two deviations.
        double mass = 0.9544997361036416;
        return (manager, shape, type) -> {
            NDArray uniform = manager.randomUniform((float) -mass, (float) mass, shape, DataType.FLOAT32);
            NDArray x = Ops.erfinv(uniform).muli(Math.sqrt(2) * deviation);
            return type == DataType.FLOAT32 ? x : x.toType(type, false);
        };
    }

    /** He's normal initialization with the fan of the outputs, for ReLU networks: deviation sqrt(2 / fanOut). */
    public static Initializer kaimingFanOut() {
        return (manager, shape, type) -> {
            double fanOut = (double) shape.get(0) * receptiveField(shape);
            return manager.randomNormal(0f, (float) Math.sqrt(2 / fanOut), shape, type);
        };
    }

    /** PyTorch's default for convolutions and linear maps: uniform with bound 1 / sqrt(fanIn). */
    public static Initializer kaimingUniformFanIn() {
        return (manager, shape, type) -> {
            double bound = 1 / Math.sqrt((double) shape.get(1) * receptiveField(shape));
            return manager.randomUniform((float) -bound, (float) bound, shape, type);
        };
    }

    private static long receptiveField(Shape shape) {
        return shape.slice(2).size();
    }
}

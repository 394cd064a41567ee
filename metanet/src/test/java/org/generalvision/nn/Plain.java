package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.function.DoubleUnaryOperator;

/** A float64 array in plain Java, in row-major order, for definitions written as loops. */
public final class Plain {
    private final long[] shape;
    private final double[] values;

    public Plain(long[] shape, double[] values) {
        this.shape = shape;
        this.values = values;
    }

    /** The value at an index, computed. */
    @FunctionalInterface
    public interface Formula {
        double at(int[] index);
    }

    public static Plain of(NDArray array) {
        double[] values = Ops.contiguous(array).toDoubleArray();
        return new Plain(array.getShape().getShape(), values);
    }

    /** An array filled by a formula of the index. */
    public static Plain filled(Formula formula, long... shape) {
        double[] values = new double[(int) new Shape(shape).size()];
        int[] index = new int[shape.length];
        for (int flat = 0; flat < values.length; flat++) {
            int rest = flat;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                index[axis] = (int) (rest % shape[axis]);
                rest /= (int) shape[axis];
            }
            values[flat] = formula.at(index);
        }
        return new Plain(shape, values);
    }

    public static Plain scalar(double value) {
        return new Plain(new long[0], new double[] {value});
    }

    public long[] shape() {
        return shape.clone();
    }

    /** All values in row-major order. */
    public double[] values() {
        return values.clone();
    }

    public int size(int axis) {
        return (int) shape[axis];
    }

    public double at(int... index) {
        int flat = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            flat = flat * size(axis) + index[axis];
        }
        return values[flat];
    }

    /** The value at (b, c, y, x), or {@code outside} if y or x lies outside of the map. */
    public double atOr(double outside, int b, int c, int y, int x) {
        boolean inside = y >= 0 && y < size(2) && x >= 0 && x < size(3);
        return inside ? at(b, c, y, x) : outside;
    }

    public Plain map(DoubleUnaryOperator function) {
        return filled(index -> function.applyAsDouble(at(index)), shape);
    }

    public Plain plus(Plain other) {
        return filled(index -> at(index) + other.at(index), shape);
    }

    /** Matrix product of the last axis with a matrix (out, in), plus a bias (out). */
    public Plain linear(Plain weight, Plain bias) {
        long[] result = shape.clone();
        result[shape.length - 1] = weight.shape[0];
        return filled(
                index -> {
                    int out = index[index.length - 1];
                    int[] source = index.clone();
                    double sum = bias.at(out);
                    for (int i = 0; i < weight.size(1); i++) {
                        source[source.length - 1] = i;
                        sum += weight.at(out, i) * at(source);
                    }
                    return sum;
                },
                result);
    }
}

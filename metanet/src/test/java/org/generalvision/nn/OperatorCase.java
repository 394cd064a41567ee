package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/**
 * An operator, where it is evaluated, and its definition in plain loops.
 *
 * @param shapes of the float64 variables, which are drawn from the normal distribution
 * @param operator the engine's side
 * @param definition the textbook's side
 */
record OperatorCase(
        String name,
        List<Shape> shapes,
        Function<List<NDArray>, NDArray> operator,
        Function<List<Plain>, Plain> definition) {

    /** A case of one variable. */
    static OperatorCase of(
            String name, Shape shape, Function<NDArray, NDArray> operator, Function<Plain, Plain> definition) {
        return new OperatorCase(name, List.of(shape), x -> operator.apply(x.get(0)), x -> definition.apply(x.get(0)));
    }

    /** A case of an elementwise function. */
    static OperatorCase elementwise(String name, Function<NDArray, NDArray> operator, DoubleUnaryOperator definition) {
        return of(name, new Shape(3, 5), operator, x -> x.map(definition));
    }

    List<NDArray> variables(NDManager manager) {
        return shapes.stream()
                .map(shape -> manager.randomNormal(shape, DataType.FLOAT64))
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }
}

package org.generalvision.nn;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.function.Supplier;

/**
 * Compares the engine's gradients with central differences in float64: the derivative of a random weighting of the output
 * along random directions through all inputs at once. Random layers draw the same numbers at every evaluation.
 */
public final class GradientCheck {
    private static final int DIRECTIONS = 20;
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 1e-6;
    private static final int SEED = 20;

    private GradientCheck() {}

    /**
     * Checks a function.
     *
     * @param variables float64 arrays that the function reads; they are moved back and forth in place
     * @param function from the variables' present values to an output of any shape
     */
    public static void of(NDManager manager, List<NDArray> variables, Supplier<NDArray> function) {
        JniUtils.setGradMode(true);
        variables.forEach(v -> v.setRequiresGradient(true));
        Supplier<NDArray> seeded = () -> {
            Engine.getEngine("PyTorch").setRandomSeed(SEED);
            return function.get();
        };
        NDArray output = seeded.get();
        NDArray weighting = manager.randomNormal(output.getShape(), output.getDataType());
        JniUtils.backward((PtNDArray) output, (PtNDArray) weighting, false, false);
        List<NDArray> gradients = variables.stream().map(NDArray::getGradient).toList();
        variables.forEach(v -> v.setRequiresGradient(false));
        double largest = 0;
        for (int i = 0; i < DIRECTIONS; i++) {
            List<NDArray> direction = variables.stream()
                    .map(v -> manager.randomNormal(v.getShape(), v.getDataType()))
                    .toList();
            double expected = (along(variables, direction, STEP, seeded, weighting)
                            - along(variables, direction, -STEP, seeded, weighting))
                    / (2 * STEP);
            double actual = 0;
            double scale = 0;
            for (int k = 0; k < gradients.size(); k++) {
                actual += sum(gradients.get(k).mul(direction.get(k)));
                scale += sum(gradients.get(k).mul(direction.get(k)).abs());
            }
            assertThat(Math.abs(actual - expected))
                    .as("direction %d: engine %s, central difference %s", i, actual, expected)
                    .isLessThanOrEqualTo(TOLERANCE * Math.max(Math.abs(expected), 1e-2 * scale));
            largest = Math.max(largest, scale);
        }
        assertThat(largest).as("the function depends on its variables").isPositive();
    }

    private static double along(
            List<NDArray> variables,
            List<NDArray> direction,
            double step,
            Supplier<NDArray> function,
            NDArray weighting) {
        move(variables, direction, step);
        double value = sum(function.get().mul(weighting));
        move(variables, direction, -step);
        return value;
    }

    private static void move(List<NDArray> variables, List<NDArray> direction, double step) {
        for (int k = 0; k < variables.size(); k++) {
            variables.get(k).addi(direction.get(k).mul(step));
        }
    }

    private static double sum(NDArray x) {
        return x.sum().toDevice(Device.cpu(), false).getDouble();
    }
}

package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import java.util.Collections;
import java.util.List;

/**
 * In-place operators on lists of arrays, one engine call for each: what an update of all parameters is made of. They are
 * called with gradient mode off. The arrays of one position have the same shape and layout in memory.
 */
public final class ListOps {
    private ListOps() {}

    /** Sets every element to 0. */
    public static void zero(List<NDArray> arrays) {
        Ops.library().run("list_zero", arrays);
    }

    /** Euclidean norm of all elements together; NaN or infinite if any element is. */
    public static double norm(List<NDArray> arrays) {
        return Ops.library().number("list_norm", arrays);
    }

    /** Multiplies every element. */
    public static void scale(List<NDArray> arrays, double factor) {
        Ops.library().run("list_scale", arrays, factor);
    }

    /** x = x + weight * (end - x). */
    public static void lerp(List<NDArray> arrays, List<NDArray> ends, double weight) {
        Ops.library().run("list_lerp", arrays, ends, weight);
    }

    /** What one update by AdamW needs besides arrays. */
    public record AdamWStep(double learningRate, double beta1, double beta2, double weightDecay, double epsilon) {}

    /**
     * One update by AdamW.
     *
     * @param means first moments, moved in place
     * @param squares second moments, moved in place
     * @param count float32 scalar: the number of this update, from 1
     */
    public static void adamW(
            List<NDArray> parameters,
            List<NDArray> gradients,
            List<NDArray> means,
            List<NDArray> squares,
            NDArray count,
            AdamWStep step) {
        List<NDArray> counts = Collections.nCopies(parameters.size(), count);
        Ops.library()
                .run(
                        "list_adamw",
                        parameters,
                        gradients,
                        means,
                        squares,
                        counts,
                        step.learningRate,
                        step.beta1,
                        step.beta2,
                        step.weightDecay,
                        step.epsilon);
    }

    /** What one update by gradient descent needs besides arrays. */
    public record SgdStep(double learningRate, double momentum, boolean nesterov, double weightDecay) {}

    /**
     * One update by gradient descent, without dampening.
     *
     * @param momenta velocities, moved in place; zeros before the first update; not read if the momentum is 0
     */
    public static void sgd(List<NDArray> parameters, List<NDArray> gradients, List<NDArray> momenta, SgdStep step) {
        OpLibrary library = Ops.library();
        if (step.momentum == 0) { // the kernel then refuses velocities
            library.run("list_sgd_plain", parameters, gradients, step.learningRate, step.weightDecay);
        } else {
            library.run(
                    "list_sgd",
                    parameters,
                    gradients,
                    momenta,
                    step.learningRate,
                    step.momentum,
                    step.nesterov,
                    step.weightDecay);
        }
    }
}

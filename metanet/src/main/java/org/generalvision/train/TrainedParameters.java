package org.generalvision.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.nn.Layer;
import org.generalvision.nn.ListOps;
import org.generalvision.nn.Ops;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one objective that are trained, and their gradients. The gradients are allocated once and stay: a
 * parameter that a batch does not reach has a gradient of zeros in every step, in the first one after a resume too.
 */
final class TrainedParameters {
    private final SortedMap<String, NDArray> arrays;
    private final SortedMap<String, NDArray> gradients;

    private TrainedParameters(SortedMap<String, NDArray> arrays, SortedMap<String, NDArray> gradients) {
        this.arrays = Collections.unmodifiableSortedMap(arrays);
        this.gradients = Collections.unmodifiableSortedMap(gradients);
    }

    /**
     * Everything in a network that is neither a buffer nor frozen.
     *
     * @param manager owner of the handles on the gradients
     */
    static TrainedParameters of(Layer model, NDManager manager) {
        SortedMap<String, NDArray> arrays = new TreeMap<>();
        for (Map.Entry<String, Parameter> entry : model.parameters().entrySet()) {
            Parameter parameter = entry.getValue();
            if (!Layer.isBuffer(parameter) && parameter.requiresGradient()) {
                arrays.put(entry.getKey(), parameter.getArray());
            }
        }
        if (arrays.isEmpty()) {
            throw new IllegalArgumentException("Nothing is left to train: every layer is frozen");
        }
        allocateGradients(arrays.values(), manager);
        SortedMap<String, NDArray> gradients = new TreeMap<>();
        arrays.forEach((path, array) -> gradients.put(path, gradient(array, manager)));
        return new TrainedParameters(arrays, gradients);
    }

    /** A backward pass of 0 * x gives every parameter a gradient of zeros in its own layout. */
    private static void allocateGradients(Iterable<NDArray> arrays, NDManager manager) {
        boolean gradMode = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        try (NDManager scratch = manager.newSubManager()) {
            for (NDArray array : arrays) {
                NDArray zeros = Ops.scale(array, 0);
                zeros.attach(scratch);
                TrainStep.backward(zeros.sum(), 1);
            }
        } finally {
            JniUtils.setGradMode(gradMode);
        }
    }

    private static NDArray gradient(NDArray array, NDManager manager) {
        PtNDArray gradient = JniUtils.getGradient((PtNDArray) array);
        gradient.attach(manager);
        return gradient;
    }

    /** The paths, sorted. */
    List<String> paths() {
        return List.copyOf(arrays.keySet());
    }

    /** The arrays of the parameters by path. */
    SortedMap<String, NDArray> arrays() {
        return arrays;
    }

    NDArray array(String path) {
        return known(arrays.get(path), path);
    }

    /** The gradient of a parameter; its content changes with each backward pass. */
    NDArray gradient(String path) {
        return known(gradients.get(path), path);
    }

    private static NDArray known(@Nullable NDArray array, String path) {
        if (array == null) {
            throw new IllegalStateException("No trained parameter " + path);
        }
        return array;
    }

    /** The gradients of all parameters, in the order of their paths. */
    List<NDArray> gradients() {
        return List.copyOf(gradients.values());
    }

    void zeroGradients() {
        ListOps.zero(gradients());
    }

    /** Euclidean norm of all gradients together. */
    double gradientNorm() {
        return ListOps.norm(gradients());
    }

    /**
     * Scales all gradients together so that their norm is at most {@code limit}, as PyTorch's {@code clip_grad_norm_} does:
     * by limit / (norm + 1e-6) where that is below 1.
     */
    void clip(double norm, double limit) {
        double factor = limit / (norm + 1e-6);
        if (factor < 1) {
            ListOps.scale(gradients(), factor);
        }
    }

    /** Paths of the parameters whose gradient holds a NaN or an infinity. */
    List<String> brokenGradients() {
        List<String> broken = new ArrayList<>();
        gradients.forEach((path, gradient) -> {
            if (!Double.isFinite(ListOps.norm(List.of(gradient)))) {
                broken.add(path);
            }
        });
        return broken;
    }
}

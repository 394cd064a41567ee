package org.generalvision.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.generalvision.nn.Ops;

/**
 * The gradients of the tasks within one step ({@link Objective#part}), told apart by what has been accumulated before and after
 * each batch; so measuring them changes no bit of the training.
 */
final class PartGradients implements AutoCloseable {
    private final List<NDArray> accumulated;
    private final NDManager manager;
    private final SortedMap<String, List<NDArray>> parts = new TreeMap<>();
    private final List<NDArray> before = new ArrayList<>();

    /**
     * A measurement over one step.
     *
     * @param accumulated live gradients of all parameters
     */
    PartGradients(List<NDArray> accumulated) {
        this.accumulated = accumulated;
        manager = accumulated.get(0).getManager().newSubManager();
    }

    /**
     * Measures what a backward pass adds.
     *
     * @param part whose batch it is
     */
    void measure(String part, Runnable backward) {
        begin();
        backward.run();
        end(part);
    }

    private void begin() {
        for (NDArray gradient : accumulated) {
            NDArray copy = Ops.copy(gradient);
            copy.attach(manager);
            before.add(copy);
        }
    }

    private void end(String part) {
        for (int i = 0; i < before.size(); i++) {
            before.get(i).negi().addi(accumulated.get(i));
        }
        List<NDArray> sums = parts.get(part);
        if (sums == null) {
            parts.put(part, List.copyOf(before));
        } else {
            for (int i = 0; i < sums.size(); i++) {
                sums.get(i).addi(before.get(i));
                before.get(i).close();
            }
        }
        before.clear();
    }

    /**
     * The Euclidean norm of each part's gradient as it counts in the step, {@code gradient/PART}, and for each pair that reaches
     * parameters in common the cosine of the two over those, {@code gradientCosine/PART/PART}.
     */
    SortedMap<String, Double> figures() {
        SortedMap<String, Double> figures = new TreeMap<>();
        SortedMap<String, double[]> squares = new TreeMap<>();
        parts.forEach((part, gradients) -> {
            double[] own = gradients.stream().mapToDouble(g -> Ops.dot(g, g)).toArray();
            squares.put(part, own);
            figures.put(
                    "gradient/" + part,
                    Math.sqrt(IntStream.range(0, own.length)
                            .mapToDouble(i -> own[i])
                            .sum()));
        });
        squares.forEach((one, ones) -> squares.tailMap(one + "\0").forEach((other, others) -> {
            double[] sums = new double[3];
            for (int i = 0; i < ones.length; i++) {
                if (ones[i] > 0 && others[i] > 0) {
                    sums[0] += ones[i];
                    sums[1] += others[i];
                    sums[2] += Ops.dot(gradient(one, i), gradient(other, i));
                }
            }
            if (sums[0] > 0) {
                figures.put("gradientCosine/" + one + "/" + other, sums[2] / Math.sqrt(sums[0] * sums[1]));
            }
        }));
        return figures;
    }

    private NDArray gradient(String part, int parameter) {
        List<NDArray> gradients = parts.get(part);
        if (gradients == null) {
            throw new IllegalStateException("No part " + part);
        }
        return gradients.get(parameter);
    }

    @Override
    public void close() {
        manager.close();
    }
}

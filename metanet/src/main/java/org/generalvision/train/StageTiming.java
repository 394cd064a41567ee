package org.generalvision.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;

/**
 * How long the stages of a network take on this machine in a training pass. The walk is cut between stages, so that the
 * backward pass of each can be run by itself; cutting copies nothing, and the sum is what an undivided pass takes.
 *
 * @param stages in the order of the walk; what follows the last named one stands under {@code rest}
 */
public record StageTiming(List<Stage> stages) {
    private static final int WARM_UP = 2;
    private static final String REST = "rest";

    public StageTiming {
        stages = List.copyOf(stages);
    }

    /**
     * Medians over rounds.
     *
     * @param forwardMillis of the forward pass from the end of the stage before to the end of this one
     * @param backwardMillis of the gradients of this stage's parameters and of its input
     */
    public record Stage(String name, double forwardMillis, double backwardMillis) {
        private static Stage of(String name, List<Cut> cuts) {
            return new Stage(
                    name,
                    median(cuts.stream().mapToDouble(cut -> (double) cut.forwardNanos)),
                    median(cuts.stream().mapToDouble(cut -> (double) cut.backwardNanos)));
        }

        private static double median(DoubleStream nanos) {
            double[] sorted = nanos.sorted().toArray();
            int middle = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            return median / 1e6;
        }
    }

    /** Of the whole forward pass. */
    public double forwardMillis() {
        return stages.stream().mapToDouble(Stage::forwardMillis).sum();
    }

    /** Of the whole backward pass. */
    public double backwardMillis() {
        return stages.stream().mapToDouble(Stage::backwardMillis).sum();
    }

    /**
     * Measures a network on the processor.
     *
     * @param network an initialized network; gradients are added to its parameters'
     * @param input a batch as its {@code forward} takes it
     * @param rounds passes that count, after two that do not
     */
    public static StageTiming of(Layer network, NDArray input, Precision precision, int rounds) {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds must be at least 1: " + rounds);
        }
        Map<String, List<Cut>> samples = new LinkedHashMap<>();
        for (int round = -WARM_UP; round < rounds; round++) {
            try (NDManager scratch = input.getManager().newSubManager()) {
                NDArray x = input.stopGradient();
                x.attach(scratch);
                for (Cut cut : pass(network, x, precision)) {
                    if (round >= 0) {
                        samples.computeIfAbsent(cut.name, name -> new ArrayList<>())
                                .add(cut);
                    }
                }
            }
        }
        return new StageTiming(samples.entrySet().stream()
                .map(entry -> Stage.of(entry.getKey(), entry.getValue()))
                .toList());
    }

    /** One pass forward and back. */
    static List<Cut> pass(Layer network, NDArray x, Precision precision) {
        return new Walk().run(network, x, precision);
    }

    /** The end of a stage: its result, and the leaf with the same values that the next stage starts from. */
    static final class Cut {
        private final String name;
        private final NDArray result;
        private final NDArray next;
        private final long forwardNanos;
        private long backwardNanos;

        Cut(String name, NDArray result, NDArray next, long forwardNanos) {
            this.name = name;
            this.result = result;
            this.next = next;
            this.forwardNanos = forwardNanos;
        }
    }

    private static final class Walk {
        private final List<Cut> cuts = new ArrayList<>();
        private long begin;

        List<Cut> run(Layer network, NDArray x, Precision precision) {
            JniUtils.setGradMode(true);
            try {
                begin = System.nanoTime();
                NDArray y = network.forward(x, Pass.training(precision).atStages(this::cut));
                if (!endsWithStage(y)) {
                    cut(REST, y);
                }
                back();
            } finally {
                JniUtils.setGradMode(false);
            }
            return cuts;
        }

        private boolean endsWithStage(NDArray y) {
            return !cuts.isEmpty() && cuts.get(cuts.size() - 1).next.getUid().equals(y.getUid());
        }

        private NDArray cut(String name, NDArray result) {
            long end = System.nanoTime();
            NDArray next = result.stopGradient();
            next.setRequiresGradient(true);
            cuts.add(new Cut(name, result, next, end - begin));
            begin = System.nanoTime();
            return next;
        }

        private static NDArray ones(NDArray result) {
            NDArray ones = Ops.toFloat32(result).onesLike();
            return result.getDataType() == DataType.FLOAT32 ? ones : Ops.toBfloat16(ones);
        }

        private void back() {
            // The gradient of the sum of the result, as if that were the loss.
            NDArray gradient = ones(cuts.get(cuts.size() - 1).result);
            for (int i = cuts.size() - 1; i >= 0; i--) {
                long start = System.nanoTime();
                TrainStep.backward(cuts.get(i).result, gradient);
                cuts.get(i).backwardNanos = System.nanoTime() - start;
                if (i > 0) {
                    gradient = cuts.get(i - 1).next.getGradient();
                }
            }
        }
    }
}

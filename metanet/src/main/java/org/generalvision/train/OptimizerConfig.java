package org.generalvision.train;

import java.util.Collection;
import java.util.List;

/** What moves the parameters. Every trained parameter must belong to exactly one group. */
public sealed interface OptimizerConfig {
    /** Learning rate where the schedule's factor and the group's multiplier are 1. */
    double learningRate();

    List<ParameterGroup> groups();

    /**
     * Refuses groups that do not hold each of these parameters exactly once.
     *
     * @throws IllegalArgumentException listing every parameter that is in no group or in several, and every empty group
     */
    default void requireGroupsFit(Collection<String> paths) {
        Optimizer.partition(groups(), paths);
    }

    /** Adam with decoupled weight decay: Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019). */
    record AdamW(double learningRate, double beta1, double beta2, double epsilon, List<ParameterGroup> groups)
            implements OptimizerConfig {
        public AdamW {
            Check.positive("optimizer.learningRate", learningRate);
            Check.fraction("optimizer.beta1", beta1);
            Check.fraction("optimizer.beta2", beta2);
            Check.positive("optimizer.epsilon", epsilon);
            groups = List.copyOf(groups);
        }
    }

    /**
     * Stochastic gradient descent with momentum as PyTorch has it: v = momentum * v + g + decay * w, and w moves by -rate * v,
     * or with Nesterov's form by -rate * (g + decay * w + momentum * v).
     */
    record Sgd(double learningRate, double momentum, boolean nesterov, List<ParameterGroup> groups)
            implements OptimizerConfig {
        public Sgd {
            Check.positive("optimizer.learningRate", learningRate);
            Check.fraction("optimizer.momentum", momentum);
            if (nesterov && momentum == 0) {
                throw new IllegalArgumentException("optimizer.nesterov needs a momentum above 0");
            }
            groups = List.copyOf(groups);
        }
    }
}

package org.generalvision.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.nn.ListOps;
import org.generalvision.nn.Ops;

/**
 * Moves parameters by their gradients, one fused engine call per parameter group. The state is kept by parameter path and
 * in each parameter's layout in memory, so that it can be saved and restored.
 */
final class Optimizer {
    private final OptimizerConfig config;
    private final List<Group> groups = new ArrayList<>();
    private final SortedMap<String, NDArray> state = new TreeMap<>();

    /** Updates done so far, as the fused kernel wants it: a float32 scalar. */
    private final NDArray count;

    /** Arrays of one parameter group; {@code slots} are the kinds of state, in the order of the kernel's arguments. */
    private record Group(
            ParameterGroup config, List<NDArray> parameters, List<NDArray> gradients, List<List<NDArray>> slots) {}

    /**
     * An optimizer at its start.
     *
     * @param manager owner of the state
     * @throws IllegalArgumentException listing every parameter that is not in exactly one group, and every group that is
     *     empty
     */
    Optimizer(OptimizerConfig config, TrainedParameters parameters, NDManager manager) {
        this.config = config;
        List<String> slotNames =
                config instanceof OptimizerConfig.AdamW ? List.of("mean", "square") : List.of("momentum");
        for (Map.Entry<ParameterGroup, List<String>> part :
                partition(config.groups(), parameters.paths()).entrySet()) {
            List<String> paths = part.getValue();
            List<NDArray> arrays = paths.stream().map(parameters::array).toList();
            List<NDArray> gradients = paths.stream().map(parameters::gradient).toList();
            List<List<NDArray>> slots = new ArrayList<>();
            for (String slot : slotNames) {
                slots.add(paths.stream()
                        .map(path -> newState(slot + "." + path, parameters.array(path), manager))
                        .toList());
            }
            groups.add(new Group(part.getKey(), arrays, gradients, slots));
        }
        count = manager.zeros(new Shape(), DataType.FLOAT32);
        state.put("count", count);
    }

    private NDArray newState(String name, NDArray parameter, NDManager manager) {
        NDArray zeros = Ops.zerosLike(parameter);
        zeros.attach(manager);
        state.put(name, zeros);
        return zeros;
    }

    /** The paths of each group, in the order of the groups. */
    static Map<ParameterGroup, List<String>> partition(List<ParameterGroup> groups, Collection<String> paths) {
        List<String> problems = new ArrayList<>();
        for (String path : paths) {
            List<List<String>> holders = groups.stream()
                    .filter(group -> group.holds(path))
                    .map(ParameterGroup::patterns)
                    .toList();
            if (holders.size() != 1) {
                problems.add(path + (holders.isEmpty() ? " is in no group" : " is in several: " + holders));
            }
        }
        Map<ParameterGroup, List<String>> parts = new LinkedHashMap<>();
        for (ParameterGroup group : groups) {
            List<String> held = paths.stream().filter(group::holds).toList();
            if (held.isEmpty()) {
                problems.add("the group " + group.patterns() + " holds no parameter");
            }
            parts.put(group, held);
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "optimizer.groups: every trained parameter must be in exactly one group, and"
                            + " every group must hold one; " + String.join("; ", problems));
        }
        return parts;
    }

    /**
     * Moves every parameter once.
     *
     * @param factor the schedule's factor of the learning rate
     */
    void update(double factor) {
        count.addi(1);
        for (Group group : groups) {
            double rate = config.learningRate() * factor * group.config.learningRate();
            double decay = group.config.weightDecay();
            if (config instanceof OptimizerConfig.AdamW c) {
                ListOps.adamW(
                        group.parameters,
                        group.gradients,
                        group.slots.get(0),
                        group.slots.get(1),
                        count,
                        new ListOps.AdamWStep(rate, c.beta1(), c.beta2(), decay, c.epsilon()));
            } else if (config instanceof OptimizerConfig.Sgd c) {
                ListOps.sgd(
                        group.parameters,
                        group.gradients,
                        group.slots.get(0),
                        new ListOps.SgdStep(rate, c.momentum(), c.nesterov(), decay));
            }
        }
    }

    /** The live state by name: {@code mean.<path>}, {@code square.<path>} or {@code momentum.<path>}, and {@code count}. */
    SortedMap<String, NDArray> state() {
        return Collections.unmodifiableSortedMap(state);
    }
}

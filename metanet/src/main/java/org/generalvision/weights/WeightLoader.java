package org.generalvision.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.generalvision.nn.Layer;

/** Copies the tensors of a file into arrays of the same names: all of them, or none and a list of what does not fit. */
public final class WeightLoader {
    private WeightLoader() {}

    /**
     * Loads every parameter and buffer of a network.
     *
     * @throws IllegalArgumentException listing every missing, unexpected and wrongly shaped tensor; the network is then
     *     as it was
     */
    public static void load(Layer network, SafetensorsFile file) {
        load(network, file, name -> false);
    }

    /**
     * Loads a network.
     *
     * @param optional names that may stand on one side only: a tensor of that name that the network lacks is passed over,
     *     and a parameter of that name that the file lacks keeps its value
     */
    public static void load(Layer network, SafetensorsFile file, Predicate<String> optional) {
        load(arrays(network), file, optional);
    }

    /** The arrays of an initialized network by path. They are live: writing to them changes the network. */
    public static SortedMap<String, NDArray> arrays(Layer network) {
        SortedMap<String, NDArray> arrays = new TreeMap<>();
        for (Map.Entry<String, Parameter> entry : network.parameters().entrySet()) {
            if (!entry.getValue().isInitialized()) {
                throw new IllegalStateException("The network has no array for " + entry.getKey() + ": initialize it");
            }
            arrays.put(entry.getKey(), entry.getValue().getArray());
        }
        return arrays;
    }

    /** Copies a file into arrays in place, so that each keeps its number format and its layout in memory. */
    public static void load(SortedMap<String, NDArray> targets, SafetensorsFile file, Predicate<String> optional) {
        List<String> problems = new ArrayList<>();
        targets.forEach((name, array) -> {
            TensorInfo info = file.tensors().get(name);
            if (info == null) {
                if (!optional.test(name)) {
                    problems.add("missing " + name + " " + array.getShape());
                }
            } else {
                checkFit(info, array, problems);
            }
        });
        file.tensors().values().stream()
                .filter(info -> !targets.containsKey(info.name()) && !optional.test(info.name()))
                .forEach(info -> problems.add("unexpected " + info.name() + " " + info.shape()));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(file.path() + " does not fit this network; " + problems.size()
                    + " tensors differ: " + String.join("; ", problems));
        }
        targets.forEach((name, array) -> {
            TensorInfo info = file.tensors().get(name);
            if (info != null) {
                file.copyTo(info, array);
            }
        });
    }

    private static void checkFit(TensorInfo info, NDArray array, List<String> problems) {
        if (!info.shape().equals(array.getShape())) {
            problems.add(info.name() + " has the shape " + info.shape() + " instead of " + array.getShape());
        } else if (info.type().isFloating() != array.getDataType().isFloating()) {
            problems.add(info.name() + " is " + info.type() + " instead of " + TensorType.of(array.getDataType()));
        }
    }
}

package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.WeightLoader;

/** The weights of an expert as the start of another network of its kind. */
public final class ExpertWeights {
    private static final String PYRAMID = "pyramid.";

    private ExpertWeights() {}

    /**
     * Gives a network the image tower of an expert, and its pyramid and the heads of data sets of the same names where both have such;
     * the rest stays as it is.
     *
     * @param file the expert's weights
     * @throws IllegalArgumentException if something of the same name is another network; the heads are then as they were
     */
    public static void load(ExpertModel network, Path file) {
        SortedMap<String, NDArray> own = WeightLoader.arrays(network);
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            Set<String> parts = parts(own.keySet());
            parts.retainAll(parts(weights.names()));
            parts.add(ExpertModel.IMAGE + ".");
            Predicate<String> statistics = name -> name.startsWith("norms.");
            load(own, weights, name -> !statistics.test(name) && in(parts, name));
            network.startNorms();
            load(own, weights, name -> statistics.test(name) && in(parts, name));
        }
    }

    /** The beginnings of the names that belong together. */
    private static Set<String> parts(Set<String> names) {
        return names.stream()
                .filter(name -> name.startsWith(PYRAMID) || name.startsWith("heads.") || name.startsWith("norms."))
                .map(name -> name.startsWith(PYRAMID)
                        ? PYRAMID
                        : name.substring(0, name.indexOf('.', name.indexOf('.') + 1) + 1))
                .collect(Collectors.toSet());
    }

    private static boolean in(Set<String> parts, String name) {
        return parts.stream().anyMatch(name::startsWith);
    }

    private static void load(SortedMap<String, NDArray> own, SafetensorsFile weights, Predicate<String> wanted) {
        SortedMap<String, NDArray> targets = new TreeMap<>();
        own.forEach((name, array) -> {
            if (wanted.test(name)) {
                targets.put(name, array);
            }
        });
        WeightLoader.load(targets, weights, name -> !wanted.test(name));
    }
}

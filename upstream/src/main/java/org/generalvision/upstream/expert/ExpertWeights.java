package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.Map;
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

    /** What a network has once for each data set. */
    private static final Set<String> BY_DATA_SET = Set.of("heads", "norms");

    private ExpertWeights() {}

    /**
     * Gives a network the image tower of an expert, and its pyramid and the heads of the same data sets where both have such; the rest
     * stays as it is.
     *
     * @param file the expert's weights
     * @param names what the expert calls data sets that have another name there, by the network's own name
     * @throws IllegalArgumentException if something of the same name is another network, or the expert has no head of a name given
     */
    public static void load(ExpertModel network, Path file, Map<String, String> names) {
        SortedMap<String, NDArray> own = new TreeMap<>();
        WeightLoader.arrays(network).forEach((path, array) -> own.put(renamed(path, names), array));
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            Set<String> theirs = parts(weights.names());
            names.values().stream()
                    .filter(name -> !theirs.contains("heads." + name + "."))
                    .forEach(name -> {
                        throw new IllegalArgumentException("%s has no head %s, only %s".formatted(file, name, theirs));
                    });
            Set<String> parts = parts(own.keySet());
            parts.retainAll(theirs);
            parts.add(ExpertModel.IMAGE + ".");
            Predicate<String> statistics = name -> name.startsWith("norms.");
            load(own, weights, name -> !statistics.test(name) && in(parts, name));
            network.startNorms();
            load(own, weights, name -> statistics.test(name) && in(parts, name));
        }
    }

    /** A path as the expert has it: {@code heads.boxes.rpn.conv.weight} may be {@code heads.scenes.rpn.conv.weight} there. */
    private static String renamed(String path, Map<String, String> names) {
        int first = path.indexOf('.');
        int second = path.indexOf('.', first + 1);
        if (second < 0 || !BY_DATA_SET.contains(path.substring(0, first))) {
            return path;
        }
        String own = path.substring(first + 1, second);
        return path.substring(0, first + 1) + names.getOrDefault(own, own) + path.substring(second);
    }

    /** The beginnings of the names that belong together: {@code pyramid.}, {@code heads.NAME.} and {@code norms.NAME.}. */
    private static Set<String> parts(Set<String> names) {
        return names.stream()
                .filter(name -> name.startsWith(PYRAMID) || BY_DATA_SET.contains(name.substring(0, name.indexOf('.'))))
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

package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.nn.Backbone;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.TensorInfo;
import org.generalvision.weights.WeightLoader;

/** Weight files of zoo networks in the names of this zoo, which are timm's, or of torchvision. */
public final class ZooWeights {
    /** Last parts of names that reference implementations store and that inference does not need. */
    private static final Set<String> OPTIONAL = Set.of("num_batches_tracked", "relative_position_index", "attn_mask");

    private ZooWeights() {}

    /**
     * Loads a file into an initialized network; which library's names it uses is seen from the file. Place embeddings and bias
     * tables that were made for another size of pictures or windows are resized, see {@link PlaceTable}.
     *
     * @throws IllegalArgumentException listing every missing, unexpected and wrongly shaped tensor; the network is then
     *     as it was
     */
    public static void load(ZooEntry entry, Backbone network, SafetensorsFile file) {
        SortedMap<String, NDArray> arrays = WeightLoader.arrays(network);
        NameDialect dialect = entry.dialects().stream()
                .max(Comparator.comparingLong(d -> known(arrays, d, file)))
                .orElseThrow();
        SortedMap<String, NDArray> targets = renamed(arrays, dialect, file);
        NDManager owner = targets.values().iterator().next().getManager();
        try (NDManager scratch = owner.newSubManager()) {
            List<PlaceTable> tables = resizable(targets, file, scratch);
            WeightLoader.load(targets, file, name -> OPTIONAL.contains(name.substring(name.lastIndexOf('.') + 1)));
            tables.forEach(PlaceTable::copy);
        }
    }

    /** The tables of another size in the file; in {@code targets} each now stands for an array of the file's shape. */
    private static List<PlaceTable> resizable(
            SortedMap<String, NDArray> targets, SafetensorsFile file, NDManager scratch) {
        List<PlaceTable> tables = new ArrayList<>();
        for (Map.Entry<String, NDArray> entry : targets.entrySet()) {
            TensorInfo info = file.tensors().get(entry.getKey());
            if (info != null) {
                PlaceTable.of(entry.getKey(), entry.getValue(), info.shape(), scratch)
                        .ifPresent(table -> {
                            tables.add(table);
                            entry.setValue(table.stored());
                        });
            }
        }
        return tables;
    }

    /**
     * The arrays of a network under the names of another library, to be written.
     *
     * @param library {@code timm} or {@code torchvision}
     * @throws IllegalArgumentException if that library does not have the network
     */
    public static SortedMap<String, NDArray> arrays(ZooEntry entry, Backbone network, String library) {
        NameDialect dialect = entry.dialects().stream()
                .filter(d -> d.library().equals(library))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("%s has no weights in the names of %s, only in those of %s"
                                .formatted(
                                        entry.name(),
                                        library,
                                        entry.dialects().stream()
                                                .map(NameDialect::library)
                                                .toList())));
        SortedMap<String, NDArray> renamed = new TreeMap<>();
        WeightLoader.arrays(network).forEach((name, array) -> {
            String other = dialect.of(name);
            renamed.put(other, other.endsWith("layer_scale") ? array.reshape(-1, 1, 1) : array);
        });
        return renamed;
    }

    private static long known(SortedMap<String, NDArray> arrays, NameDialect dialect, SafetensorsFile file) {
        return arrays.keySet().stream()
                .filter(name -> file.tensors().containsKey(dialect.of(name)))
                .count();
    }

    /** A file may state a vector as (C, 1, 1): the array is then shown to it in that shape. */
    private static SortedMap<String, NDArray> renamed(
            SortedMap<String, NDArray> arrays, NameDialect dialect, SafetensorsFile file) {
        SortedMap<String, NDArray> renamed = new TreeMap<>();
        for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
            String name = dialect.of(entry.getKey());
            TensorInfo info = file.tensors().get(name);
            renamed.put(name, info == null ? entry.getValue() : shapedAs(info.shape(), entry.getValue()));
        }
        return renamed;
    }

    private static NDArray shapedAs(Shape stored, NDArray array) {
        boolean vector = array.getShape().dimension() == 1
                && stored.dimension() == 3
                && stored.equals(new Shape(array.getShape().get(0), 1, 1));
        return vector ? array.reshape(stored) : array;
    }
}

package org.generalvision.upstream.generalist;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A branch: a full backbone for one kind of task, such as {@code image}, {@code patch} and {@code pixel}, with the heads of some
 * data sets.
 *
 * @param name lower-case letters, digits and hyphens
 * @param dataSets names of the data sets that it learns from
 * @param initializeFrom checkpoint or run directory of the expert that it starts as, or null
 * @param expertHeads name of the expert's head for a data set, where the expert calls it otherwise; the heads of data sets that the
 *     expert does not know start anew
 */
public record Branch(
        String name, List<String> dataSets, @Nullable Path initializeFrom, Map<String, String> expertHeads) {
    public Branch {
        if (!name.matches("[a-z0-9-]{1,64}")) {
            throw new IllegalArgumentException("name must consist of lower-case letters, digits and hyphens: " + name);
        }
        dataSets = List.copyOf(dataSets);
        if (dataSets.isEmpty()) {
            throw new IllegalArgumentException(
                    "dataSets of the branch %s must not be empty: name a data set, or leave the branch out"
                            .formatted(name));
        }
        expertHeads = Map.copyOf(expertHeads);
        if (!dataSets.containsAll(expertHeads.keySet()) || (initializeFrom == null && !expertHeads.isEmpty())) {
            throw new IllegalArgumentException(
                    "expertHeads of the branch %s must be for its data sets %s, and stand beside initializeFrom: %s"
                            .formatted(name, dataSets, expertHeads));
        }
    }
}
